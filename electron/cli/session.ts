import type { Client } from '../../shared/client.ts'
import { type ProfilePaths, profilePaths } from '../platform/paths.ts'
import type { Io } from './io.ts'
import { type Paint, painter } from './text.ts'
import { connectToHost } from './transport.ts'

export interface GlobalOptions {
  json?: true
  home?: string
}

/** What every command works with: the profile, its host, and the two ways of speaking. */
export interface Session {
  readonly io: Io
  readonly json: boolean
  readonly env: NodeJS.ProcessEnv
  readonly paths: ProfilePaths
  /** The API of the running host. Throws `NotRunning`. */
  readonly client: Client
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
  const env = () => {
    const home = options().home
    return home ? { ...io.env, LATCHKEY_HOME: home } : io.env
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
      host ??= connectToHost(profilePaths(env()), io.signal)
      return host.client
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
      await host?.close()
    },
  }
}
