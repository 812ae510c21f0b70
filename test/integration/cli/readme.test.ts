import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { connectAs, realHost } from './host.ts'

const readme = fs.readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
const setUp = blocks.find((block) => block.startsWith('PROFILE=')) ?? ''
const examples = blocks.filter((block) => /\bcurl\b/.test(block) && !block.startsWith('PROFILE='))

/** Runs it as a person would: in one shell, set-up first. */
function shell(
  script: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

it('[F10] every curl example of the README works as it is written, over HTTP and over the socket', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  expect(setUp).toContain('owner.key')
  expect(examples.length).toBeGreaterThanOrEqual(6)
  expect(examples.some((it) => it.includes('--unix-socket'))).toBe(true)
  for (const example of examples) {
    const ran = await shell(`${setUp}\n${example}`, { PATH: process.env.PATH, LATCHKEY_HOME: host.home })
    expect(ran, example).toMatchObject({ code: 0, stderr: '' })
    const answer = JSON.parse(ran.stdout)
    expect(answer, example).not.toHaveProperty('error')
    if (example.includes('/request')) expect(answer, example).toMatchObject({ status: 200 })
    if (example.includes('/token')) expect(answer).toMatchObject({ access_token: expect.any(String) })
    if (example.endsWith('/v1/accounts"\n')) expect(ran.stdout).toContain('practice:ada')
    if (example.includes('hello')) expect(answer.body).toContain('hello')
  }
})
