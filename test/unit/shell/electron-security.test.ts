import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/** docs/electron-security.md names tests by their titles; this compares the two. */
const root = path.join(import.meta.dirname, '../../..')
const page = readFileSync(path.join(root, 'docs/electron-security.md'), 'utf8')

/** What the page says: `file.spec.ts: "title"`. */
const named = [...page.matchAll(/([\w-]+\.spec\.ts): "([^"]+)"/g)].map(
  ([, file = '', title = '']) => `${file}: ${title}`,
)

function titles(file: string): string[] {
  const text = readFileSync(path.join(root, 'test/e2e/electron', file), 'utf8')
  return [...text.matchAll(/^test\('([^']+)'/gm)].map(([, title = '']) => `${file}: ${title}`)
}

it('has a row for each of the twenty points, once and in order', () => {
  const numbers = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

it('names tests that there are', () => {
  expect(named.length).toBeGreaterThan(30)
  const there = [...new Set(named.map((it) => it.slice(0, it.indexOf(':'))))].flatMap(titles)
  expect(named.filter((it) => !there.includes(it))).toEqual([])
})

it.each(['hardening.spec.ts', 'hostile-page.spec.ts', 'packed.spec.ts'])('names every test of %s', (file) => {
  const all = titles(file)
  expect(all.length).toBeGreaterThan(5)
  expect(all.filter((it) => !named.includes(it))).toEqual([])
})

it('names files that there are', () => {
  const column = [...page.matchAll(/^\| \d+ \|[^|]+\|[^|]+\| ([^|]+) \|/gm)].map(([, files = '']) => files)
  expect(column).toHaveLength(20)
  const files = [...new Set(column.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)))]
  const folders = ['electron/shell', 'electron/platform', '.']
  const there = (file: string) =>
    folders.some((folder) => {
      try {
        return readFileSync(path.join(root, folder, file)).length > 0
      } catch {
        return false
      }
    })
  expect(files.filter((file) => !there(file))).toEqual([])
})
