import readline from 'node:readline'
import { Writable } from 'node:stream'

/** Asks for a line at the terminal without showing what is typed. Resolves to '' at end of input. */
export function askSecret(question: string): Promise<string> {
  process.stderr.write(question)
  // readline echoes to its output; this one shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = readline.createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 })
  return new Promise((resolve) => {
    const end = (line: string) => {
      process.stderr.write('\n')
      resolve(line)
      lines.close()
    }
    lines.once('line', end)
    lines.once('close', () => resolve(''))
    lines.once('SIGINT', () => {
      end('')
      process.kill(process.pid, 'SIGINT')
    })
  })
}
