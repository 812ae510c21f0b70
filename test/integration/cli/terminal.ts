import path from 'node:path'
import { PassThrough } from 'node:stream'
import { runCli } from '../../../electron/cli/program.ts'

/** What the person types once the terminal has shown something. */
type Reply = string | ((said: RegExpExecArray) => Promise<string>)

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** Runs the command line in this process, as a terminal (`tty`) or as a program would see it. */
export async function latchkey(
  home: string,
  args: string[],
  options: {
    tty?: boolean
    input?: string | Buffer
    signal?: AbortSignal
    whenSaid?: [RegExp, Reply][]
    env?: NodeJS.ProcessEnv
  } = {},
): Promise<Ran> {
  const stream = () => Object.assign(new PassThrough(), { isTTY: options.tty === true })
  const [stdin, stdout, stderr] = [stream(), stream(), stream()]
  let out = ''
  let err = ''
  const replies = [...(options.whenSaid ?? [])]
  stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    const [next] = replies
    const said = next?.[0].exec(err)
    if (!next || !said) return
    replies.shift()
    const [, reply] = next
    if (typeof reply === 'string') stdin.write(reply)
    else reply(said).then((typed) => stdin.write(typed))
  })
  if (options.input !== undefined) stdin.end(options.input)
  else if (!options.tty) stdin.end()
  const code = await runCli(args, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    env: options.env ?? { LATCHKEY_HOME: home },
    signal: options.signal ?? new AbortController().signal,
    hostEntry: path.join(import.meta.dirname, '../../../electron/headless.ts'),
  })
  // What has been written arrives at the listeners in the next turn.
  await new Promise((done) => setImmediate(done))
  return { code, stdout: out, stderr: err }
}
