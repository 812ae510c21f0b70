import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { CallerFacts } from '../../shared/contract-apps.ts'
import type { LookUp } from './caller-facts.ts'

const run = promisify(execFile)
const mostParents = 4

/**
 * See lsof(8) and ps(1), both of which belong to the system. Over the Unix socket nothing can be said: macOS shows its two
 * ends as addresses of the kernel, which lsof pairs for root alone.
 */
export async function macosFacts({ transport, socket, signal }: LookUp): Promise<CallerFacts | null> {
  const { remotePort, localPort } = socket
  if (transport !== 'http' || remotePort === undefined || localPort === undefined) return null
  const output = async (file: string, args: string[]) =>
    // lsof ends with 1 when it could not list all that it was asked for, and prints the rest.
    run(file, args, { signal, timeout: 1_000, env: {}, maxBuffer: 8_000_000 }).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => error.stdout ?? '',
    )
  const pid = findCaller(
    await output('/usr/sbin/lsof', ['-nP', `-iTCP@127.0.0.1:${remotePort}`, '-Fpn']),
    `127.0.0.1:${remotePort}->127.0.0.1:${localPort}`,
  )
  if (pid === null) return null
  const [files, processes] = await Promise.all([
    output('/usr/sbin/lsof', ['-nP', '-a', '-p', String(pid), '-d', 'txt', '-Fn']),
    output('/bin/ps', ['-axo', 'pid=,ppid=,user=,ucomm=']),
  ])
  return { transport, pid, ...describe(pid, files, processes) }
}

/** In lsof's fields `p` begins a process and `n` names a connection, ours before theirs. */
export function findCaller(listing: string, connection: string): number | null {
  let pid: number | null = null
  for (const line of listing.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1))
    else if (line === `n${connection}` && pid !== null) return pid
  }
  return null
}

export function describe(pid: number, files: string, processes: string): Omit<CallerFacts, 'transport' | 'pid'> {
  const table = new Map<number, { parent: number; user: string; name: string }>()
  for (const line of processes.split('\n')) {
    const [, id, parent, user, name] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? []
    if (user !== undefined && name !== undefined) table.set(Number(id), { parent: Number(parent), user, name })
  }
  const own = table.get(pid)
  const started: string[] = []
  for (let it = table.get(own?.parent ?? 0); it && started.length < mostParents; it = table.get(it.parent)) {
    started.push(it.name)
    if (it.parent === 0) break
  }
  return {
    user: own?.user ?? null,
    process: own?.name ?? null,
    // The first text file is the program; libraries follow.
    executable: /^n(\/.*)$/m.exec(files)?.[1] ?? null,
    // ps joins all arguments with spaces, so that a script cannot be told from what follows it.
    script: null,
    started_by: started,
  }
}
