import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { PermissionInput } from '../../../shared/contract-apps.ts'
import { wholeHost } from '../api/paired.ts'
import { connectPractice } from '../whole/host.ts'

const examples = path.join(import.meta.dirname, '../../../docs/examples')

export interface Run {
  code: number | null
  out: string
  err: string
}

/** An example as somebody runs it, with a profile and a key file of the test's. */
export async function example(command: string[]) {
  const host = await wholeHost()
  await connectPractice(host)
  const keyFile = path.join(host.home, 'example.key')
  const env = { PATH: process.env.PATH, HOME: host.home, LATCHKEY_HOME: host.home, KEY_FILE: keyFile }
  const [program = '', ...first] = command

  /** @param asked Called with the code that the program shows for the person. */
  function run(words: string[] = [], asked?: (code: string) => void): Promise<Run> {
    const child = spawn(program, [...first, ...words], { cwd: examples, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      said.out += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      said.err += part
      const code = /Approve (\S+) in Latchkey/.exec(said.err)?.[1]
      if (code === undefined || asked === undefined) return
      const tell = asked
      asked = undefined
      tell(code)
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve({ code, ...said }))
    })
  }

  return {
    host,
    run,
    /** Runs it for the first time; the person grants this. */
    pair: (permissions: Partial<PermissionInput>[]) =>
      run([], (code) => {
        host.client.approve(code, { permissions: permissions as never }).catch((error: unknown) => {
          throw error
        })
      }),
    keyFile: {
      exists: () => fs.existsSync(keyFile),
      mode: () => fs.statSync(keyFile).mode & 0o777,
      text: () => fs.readFileSync(keyFile, 'utf8').trim(),
    },
  }
}
