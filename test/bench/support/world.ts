import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { pairApp } from './app.ts'
import { type Host, startHost } from './host.ts'
import { type Generator, startGenerator } from './load.ts'
import { type Part, startPart } from './processes.ts'
import { addAccounts, addProvider, newProfile, type Profile } from './profile.ts'

/** What the rows about requests share: an API, a host with an account there, a paired app, a load generator. */
export interface World {
  token: string
  upstream: Part<{ port: number }>
  profile: Profile
  host: Host
  key: string
  generator: Generator
  /** The processes that take part whoever is measured. */
  helpers: (number | undefined)[]
  /** Ended with the world. */
  part<Ready>(name: string, settings: unknown): Promise<Part<Ready>>
  stop(): Promise<void>
}

export interface Stoppable {
  process?: ChildProcess
  stop(): Promise<void>
}

/** @param flags For the host's Node. */
export async function startWorld(flags: readonly string[] = []): Promise<World> {
  const parts: Stoppable[] = []
  const kept = <P extends Stoppable>(part: P): P => {
    parts.push(part)
    return part
  }
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop()
  }
  try {
    const token = randomBytes(32).toString('base64url')
    const upstream = kept(await startPart<{ port: number }>('upstream', { token }))
    const profile = await newProfile((vault) => {
      addProvider(vault, upstream.ready.port)
      addAccounts(vault, 10, token)
    })
    kept({ stop: async () => profile.remove() })
    const host = kept(await startHost(profile, flags))
    const key = await pairApp(host.api, 'bench-0', upstream.ready.port)
    const generator = kept(await startGenerator())
    return {
      token,
      upstream,
      profile,
      host,
      key,
      generator,
      helpers: [upstream.process.pid, generator.process.pid],
      part: async <Ready>(name: string, settings: unknown) => kept(await startPart<Ready>(name, settings)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
