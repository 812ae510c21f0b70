import type { Client } from '../../shared/client.ts'
import { type ProfilePaths, profilePaths, withProfile } from '../platform/paths.ts'
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'
import { type Paint, painter } from './text.ts'
import { connectToHost } from './transport.ts'

export interface GlobalOptions {
  json?: boolean
  home?: string
  profile?: string
  keyFile?: string
}

/** What every command works with: the profile, its host, and the two ways of speaking. */
export interface Session {
  readonly io: Io
  readonly json: boolean
  readonly env: NodeJS.ProcessEnv
  readonly paths: ProfilePaths
  /** The API of the running host, with the owner key or the one that `--key-file` names. Throws `NotRunning`. */
  readonly client: Client
  /** Another connection to the same host: without a key, or under another name. Closed with the session. */
  connect(access: Parameters<typeof connectToHost>[2]): ReturnType<typeof connectToHost>
  readonly paint: Paint
  /** The answer on standard output: the document with --json, else the words for a person. */
  answer(document: unknown, words: () => string): void
  /** Something said to the person beside the answer. */
  note(text: string): void
  close(): Promise<void>
}

/** `options` is read when a command runs, after the arguments have been parsed. */
export function createSession(io: Io, options: () => GlobalOptions): Session {
  let host: ReturnType<typeof connectToHost> | null = null
  const others: ReturnType<typeof connectToHost>[] = []
  const env = () => {
    const { home, profile } = options()
    if (home && profile) throw new UsageError('Name the profile with --home or with --profile, not with both.')
    return home ? { ...io.env, LATCHKEY_HOME: home } : withProfile(io.env, profile)
  }
  return {
    io,
    get json() {
      return options().json === true
    },
    get env() {
      return env()
    },
    get paths() {
      return profilePaths(env())
    },
    get client() {
      const keyFile = options().keyFile ?? io.env.LATCHKEY_KEY_FILE
      host ??= connectToHost(profilePaths(env()), io.signal, keyFile ? { keyFile } : {})
      return host.client
    },
    connect(access) {
      const other = connectToHost(profilePaths(env()), io.signal, access)
      others.push(other)
      return other
    },
    paint: painter(io.stdout, io.env),
    answer(document, words) {
      const text = options().json === true ? JSON.stringify(document) : words()
      if (text !== '') io.stdout.write(`${text}\n`)
    },
    note(text) {
      io.stderr.write(`${text}\n`)
    },
    async close() {
      for (const it of [host, ...others]) await it?.close()
    },
  }
}
