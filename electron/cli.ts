#!/usr/bin/env node
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepCompiled } from './cli/cache.ts'

async function main(): Promise<void> {
  // Before anything else is loaded: what is loaded earlier is compiled again each time.
  keepCompiled(process.env)
  const { runCli } = await import('./cli/program.ts')
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time the person means it, whatever is still being tidied up.
      if (interrupted.signal.aborted) process.exit(130)
      interrupted.abort()
    })
  }
  // `latchkey … | head` closes the pipe early: no error, but nobody is left to work for.
  process.stdout.on('error', () => interrupted.abort())

  const spoken = new Set<NodeJS.WriteStream>([process.stdout])
  const here = fileURLToPath(import.meta.url)
  const code = await runCli(process.argv.slice(2), {
    // Node makes these when they are first asked for, and most commands ask for one of them alone.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    get stderr() {
      spoken.add(process.stderr)
      return process.stderr
    },
    env: process.env,
    signal: interrupted.signal,
    hostEntry: path.join(path.dirname(here), `headless${path.extname(here)}`),
  })
  // Said out loud, because an open standard input would keep the process; not before what was written has left.
  for (const stream of spoken) await new Promise((done) => stream.write('', done))
  process.exit(code === 0 ? process.exitCode : code)
}

main()
