import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'

/** Looking for secrets where none may be. A secret is given a name, which is all that a finding says of it. */
export type Secrets = Record<string, string>

/** Every way in which text commonly comes to lie in a file. */
function forms(secret: string): Buffer[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((shift) => {
    // As it looks inside a longer base64 text, whichever byte it begins at; the edges depend on the neighbours.
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(shift === 0 ? 0 : shift + 1, -2)
  })
  return [
    bytes,
    Buffer.from(secret, 'utf16le'),
    ...base64.map((text) => Buffer.from(text)),
    ...base64.map((text) => Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    Buffer.from(encodeURIComponent(secret)),
  ]
}

/** Which secrets lie in which files below `folder`, as `file: name`. `allowed` names files that hold one rightly. */
export function findInFiles(folder: string, secrets: Secrets, allowed: Record<string, string> = {}): string[] {
  const wanted = Object.entries(secrets).map(([name, secret]) => ({ name, forms: forms(secret) }))
  const found: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = path.relative(folder, path.join(entry.parentPath, entry.name))
    const content = readFileSync(path.join(folder, file))
    for (const { name, forms } of wanted) {
      if (allowed[file] !== name && forms.some((form) => content.includes(form))) found.push(`${file}: ${name}`)
    }
  }
  return found.sort()
}

export function findInText(text: string, secrets: Secrets): string[] {
  const content = Buffer.from(text)
  return Object.entries(secrets)
    .filter(([, secret]) => forms(secret).some((form) => content.includes(form)))
    .map(([name]) => name)
}

/** Which secrets lie in the page's JavaScript memory, garbage excepted: a heap snapshot, all worlds of the page. */
export async function findInHeap(page: Page, secrets: Secrets): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false, captureNumericValue: true })
  await session.detach()
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] }
  const heap = strings.join('\n')
  // A snapshot keeps the first 1,024 characters of a string, and a string put together of two shows its halves.
  const pieces = (secret: string) => [
    secret.slice(0, 24),
    secret.slice(-24),
    secret.slice(secret.length / 2).slice(0, 24),
  ]
  return Object.entries(secrets)
    .filter(([, secret]) => pieces(secret).some((piece) => heap.includes(piece)))
    .map(([name]) => name)
}
