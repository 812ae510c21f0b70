import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { readFile, readlink, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { CallerFacts } from '../../shared/contract-apps.ts'
import type { LookUp } from './caller-facts.ts'

const run = promisify(execFile)

/** Where iproute2 is, in the folders that only root writes to. */
const ssPaths = ['/usr/bin/ss', '/usr/sbin/ss', '/sbin/ss', '/bin/ss']
/** Links of /proc that are read before everybody else gets a turn: about half a millisecond. */
const linksAtOnce = 200
const mostParents = 4

/** See proc(5), `/proc/net/tcp` and `/proc/pid/`, and ss(8). */
export async function linuxFacts(look: LookUp): Promise<CallerFacts | null> {
  const end = look.transport === 'http' ? await tcpEnd(look.socket) : await unixEnd(look)
  if (end === null) return null
  const holder = await holderOf(end.inode, look.signal)
  // Another user's process: nothing but the connection's owner can be read.
  if (holder === null) return { ...unknown, transport: look.transport, user: end.uid && (await userName(end.uid)) }
  const facts = await describe(holder.pid)
  // The number of a process that has ended goes to another one.
  if (
    await readlink(holder.link).then(
      (target) => target !== `socket:[${end.inode}]`,
      () => true,
    )
  )
    return null
  return { transport: look.transport, ...facts }
}

const unknown = { pid: null, user: null, process: null, executable: null, script: null, started_by: [] }

interface End {
  inode: string
  /** Who opened it, where the table says so. */
  uid: string | null
}

/** The other end of a TCP connection within this machine: the row whose two addresses are ours, the other way round. */
export async function tcpEnd({ remoteAddress, remotePort, localAddress, localPort }: Socket): Promise<End | null> {
  if (
    remoteAddress === undefined ||
    remotePort === undefined ||
    localAddress === undefined ||
    localPort === undefined
  ) {
    return null
  }
  const wanted = `${tableAddress(remoteAddress, remotePort)} ${tableAddress(localAddress, localPort)}`
  for (const [table, row] of [
    ['/proc/net/tcp', wanted],
    // A program whose socket is of the other family, connected to the mapped address (RFC 4291 2.5.5.2).
    ['/proc/net/tcp6', wanted.replace(/(?=\b[0-9A-F]{8}:)/g, mappedPrefix)],
  ] as const) {
    const end = findRow(await readFile(table, 'latin1').catch(() => ''), row)
    if (end !== null) return end
  }
  return null
}

export function findRow(table: string, addresses: string): End | null {
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , uid, , inode] = line.trim().split(/\s+/)
    if (`${local} ${remote}` === addresses && inode !== undefined && inode !== '0') return { inode, uid: uid ?? null }
  }
  return null
}

/** As the table writes it: the address as one number in the order of this machine's bytes, the port in hexadecimal. */
export function tableAddress(address: string, port: number): string {
  const bytes = address.replace('::ffff:', '').split('.').map(Number)
  return `${hex(os.endianness() === 'LE' ? bytes.reverse() : bytes)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

const hex = (bytes: number[]) => Buffer.from(bytes).toString('hex').toUpperCase()
const mappedPrefix = os.endianness() === 'LE' ? '0000000000000000FFFF0000' : '00000000000000000000FFFF'

/** The other end of a Unix socket. Only the kernel's socket diagnostics know it, and only ss asks them for us. */
async function unixEnd({ socket, signal }: LookUp): Promise<End | null> {
  // Not public in Node, and nothing else tells: absent, nothing can be said.
  const fd = (socket as { _handle?: { fd?: unknown } | null })._handle?.fd
  const ss = ssPaths.find((it) => fs.existsSync(it))
  if (typeof fd !== 'number' || fd < 0 || ss === undefined) return null
  const own = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/self/fd/${fd}`))?.[1]
  // Without `-p`: who holds the other end is found below, in the same way as for TCP.
  const { stdout } = await run(ss, ['-xnH'], { signal, timeout: 1_000, env: {}, maxBuffer: 8_000_000 })
  return own === undefined ? null : findPeer(stdout, own)
}

export function findPeer(table: string, own: string): End | null {
  for (const line of table.split('\n')) {
    const pair = /\s(\d+)\s+\S+\s+(\d+)\s*$/.exec(line)
    if (pair?.[1] === own && pair[2] !== undefined && pair[2] !== '0') return { inode: pair[2], uid: null }
  }
  return null
}

/** The process that has this socket open; the newest first, as callers are mostly short-lived. */
export async function holderOf(inode: string, signal: AbortSignal): Promise<{ pid: number; link: string } | null> {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const target = `socket:[${inode}]`
  let read = 0
  for (const pid of pids.map(Number).sort((a, b) => b - a)) {
    for (const fd of names(`/proc/${pid}/fd`)) {
      const link = `/proc/${pid}/fd/${fd}`
      if (linkTarget(link) === target) return { pid, link }
      // Asked for at once rather than one promise a link: there are tens of thousands, and the thread pool is everybody's.
      if (++read % linksAtOnce === 0) await nextTurn()
      if (signal.aborted) return null
    }
  }
  return null
}

function names(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function linkTarget(link: string): string | null {
  try {
    return fs.readlinkSync(link)
  } catch {
    return null
  }
}

async function describe(pid: number): Promise<Omit<CallerFacts, 'transport'>> {
  const status = await statusOf(pid)
  const executable = await readlink(`/proc/${pid}/exe`).catch(() => null)
  const started: string[] = []
  for (let parent = status.parent; parent > 0 && started.length < mostParents; ) {
    const of = await statusOf(parent)
    const name = await nameOf(parent, of.name)
    if (name !== null) started.push(name)
    parent = of.parent
  }
  return {
    pid,
    user: status.uid === null ? null : await userName(status.uid),
    process: await nameOf(pid, status.name),
    executable,
    script: executable === null ? null : await scriptOf(pid, executable),
    started_by: started,
  }
}

/** A process can give itself any name (prctl(2), PR_SET_NAME); the file that it runs it cannot choose. */
export async function nameOf(pid: number, said: string | null): Promise<string | null> {
  const executable = await readlink(`/proc/${pid}/exe`).catch(() => null)
  return executable === null ? said : path.basename(executable.replace(/ \(deleted\)$/, ''))
}

async function statusOf(pid: number): Promise<{ name: string | null; uid: string | null; parent: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const field = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(text)?.[1] ?? null
  return {
    name: field('Name'),
    // Real, effective, saved, file system: the second is the one that counts.
    uid: field('Uid')?.split('\t')[1] ?? null,
    parent: Number(field('PPid') ?? 0),
  }
}

async function userName(uid: string): Promise<string> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  return lines.map((line) => line.split(':')).find((fields) => fields[2] === uid)?.[0] ?? uid
}

const shells = /^(bash|dash|sh|ash|zsh|ksh|fish|busybox)[\d.]*$/
const languages = /^(python|pypy|node|nodejs|deno|bun|ruby|perl|php|lua|luajit|tclsh|Rscript|pwsh)[\d.]*$/
/** What follows is the program itself or a module's name: no file is being run. */
const programInPlace = { shell: /^-[a-zA-Z]*c$/, language: /^(-[a-zA-Z]*[cempr]|--eval|--print|-)$/ }
/** Options whose value is the next argument, and could be a file. */
const withValue = new Set(
  '--import --require --loader --experimental-loader --env-file --conditions --title -C -I -W -X -o -O +o +O --rcfile --init-file'.split(
    ' ',
  ),
)

/**
 * The file that an interpreter was started with: the first argument that is one. No other argument is ever looked at
 * again: programs are given passwords as arguments.
 */
async function scriptOf(pid: number, executable: string): Promise<string | null> {
  const name = path.basename(executable)
  const inPlace = shells.test(name) ? programInPlace.shell : languages.test(name) ? programInPlace.language : null
  if (inPlace === null) return null
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null)
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const candidates = fileArguments(text.split('\0').slice(1), inPlace)
  for (const candidate of candidates) {
    if (folder === null && !path.isAbsolute(candidate)) continue
    const file = path.resolve(folder ?? '/', candidate)
    if (
      await stat(file).then(
        (it) => it.isFile(),
        () => false,
      )
    )
      return file
  }
  return null
}

function fileArguments(args: string[], inPlace: RegExp): string[] {
  const found: string[] = []
  for (let i = 0; i < Math.min(args.length, 30); i++) {
    const argument = args[i] ?? ''
    if (inPlace.test(argument)) return found
    if (withValue.has(argument)) i += 1
    else if (argument !== '' && !argument.startsWith('-')) found.push(argument)
  }
  return found
}
