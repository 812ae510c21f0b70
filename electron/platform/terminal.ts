import readline from 'node:readline'
import { Writable } from 'node:stream'

/** Asks for a line at the terminal without showing what is typed. Resolves to '' at end of input. */
export function askSecret(question: string): Promise<string> {
  // readline echoes to its output; this one shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = readline.createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 })
  // Only now: until readline has switched it off, the terminal itself shows what is typed.
  process.stderr.write(question)
  return new Promise((resolve) => {
    const end = (line: string) => {
      resolve(line)
      lines.close()
      process.stderr.write('\n')
    }
    lines.once('line', end)
    lines.once('close', () => resolve(''))
    lines.once('SIGINT', () => {
      end('')
      process.kill(process.pid, 'SIGINT')
    })
  })
}
