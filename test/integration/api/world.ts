import fs from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { ApiLimits } from '../../../electron/api/limits.ts'
import { type Api, startApi } from '../../../electron/api/server.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import type { Caller, Handlers } from '../../../electron/services/ports.ts'
import type { EventFilter, Origin, ProxyService } from '../../../electron/services/ports-apps.ts'
import type { App, CallerFacts, PairInput, Pairing } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Account, Flow, LatchkeyEvent, VaultStatus } from '../../../shared/models.ts'

/** The local API with real sockets in a folder of its own, among stand-ins for the services behind it. */
export interface ApiWorld {
  api: Api
  dir: string
  key: string
  /** `127.0.0.1:PORT` */
  host: string
  paths: { ownerKey: string; endpoint: string; socket: string }
  calls: { method: string; input: unknown; caller: Caller }[]
  handlers: Partial<Handlers>
  emit(event: LatchkeyEvent): void
  logged: string[]
  clock: { now(): number; advance(milliseconds: number): void }
  state: VaultStatus['state']
  apps: Apps
  /** Over HTTP with the owner key, unless `headers` says otherwise. */
  call(method: string, target: string, options?: CallOptions): Promise<Answer>
}

/** The stand-ins for pairing, permissions and the audit. */
export interface Apps {
  /** The key of the one app that there is, `app`. */
  key: string
  /** What became of it; its key is refused with these words. */
  ended: string | null
  /** Ends what the app is doing. */
  revoke(): void
  /** How often somebody listens for the end of an app. */
  listeners: number
  /** Programs that asked to be paired. */
  pairings: { input: PairInput; origin: Origin; facts: CallerFacts | null }[]
  sees: EventFilter
  exported: (filter: unknown) => Iterable<string>
}

export interface CallOptions {
  headers?: Record<string, string | string[]>
  body?: unknown
  socket?: boolean
  key?: string | null
}

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API answered.
  json: any
}

export interface WorldOptions {
  limits?: Partial<ApiLimits>
  page?: Record<string, string>
  port?: number
  dir?: string
  handlers?: Partial<Handlers>
  proxy?: ProxyService
}

export function temporaryFolder(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-'))
  onTestFinished(() => fs.rmSync(dir, { recursive: true, force: true }))
  return dir
}

export function pathsIn(dir: string) {
  return {
    ownerKey: path.join(dir, 'owner.key'),
    endpoint: path.join(dir, 'endpoint.json'),
    socket: path.join(dir, 'latchkey.sock'),
  }
}

export async function startWorld(options: WorldOptions = {}): Promise<ApiWorld> {
  const dir = options.dir ?? temporaryFolder()
  const paths = pathsIn(dir)
  const calls: ApiWorld['calls'] = []
  const logged: string[] = []
  const events = createEventBus<LatchkeyEvent>()
  let time = Date.UTC(2026, 0, 1)
  const clock = {
    now: () => time,
    advance(milliseconds: number) {
      time += milliseconds
    },
  }
  const handlers: Partial<Handlers> = options.handlers ?? {}
  const asked = new Proxy({} as Handlers, {
    get: (_, method: string) => (input: unknown, caller: Caller) => {
      calls.push({ method, input, caller })
      const handler = handlers[method as keyof Handlers] as undefined | ((input: unknown, caller: Caller) => unknown)
      if (handler === undefined) throw new LatchkeyError('not_found', `The test answers nothing to ${method}.`)
      return handler(input, caller)
    },
  })
  const log = (message: string, data?: unknown) => void logged.push(`${message} ${JSON.stringify(data ?? {})}`)
  if (options.page !== undefined) {
    for (const [name, text] of Object.entries(options.page)) {
      fs.mkdirSync(path.dirname(path.join(dir, 'page', name)), { recursive: true })
      fs.writeFileSync(path.join(dir, 'page', name), text)
    }
  }
  const world = { state: 'unlocked' } as ApiWorld
  const apps: Apps = {
    key: `lkapp_${'k'.repeat(43)}`,
    ended: null,
    revoke: () => {
      apps.ended = 'The access of Backup was taken back.'
      for (const listener of [...endings]) listener()
    },
    get listeners() {
      return endings.size
    },
    pairings: [],
    sees: () => true,
    exported: () => [],
  }
  const endings = new Set<() => void>()
  const api = await startApi({
    // What apps may call is the services' to say.
    dispatch: createDispatch(asked, { isOpen: () => true, enter: (_, input) => input }),
    services: {
      accessTokens: {
        async get(reference, wanted, caller) {
          calls.push({ method: 'token', input: { reference, ...wanted }, caller })
          if (world.state !== 'unlocked') throw new LatchkeyError('locked', 'The vault is locked.')
          return {
            access_token: 'the-access-token',
            token_type: 'Bearer',
            expires_at: '2026-01-01T01:00:00.000Z',
            expires_in: 3600,
            scopes: ['a', 'b'],
          }
        },
      },
      vault: { status: () => vaultStatus(world.state) },
      pairing: {
        async pair(input, origin) {
          apps.pairings.push({ input, origin, facts: await origin.facts() })
          return { ...pairing, secret: pairingSecret }
        },
        look(id, secret) {
          if (id === pairing.id && secret === pairingSecret) return pairing
          throw new LatchkeyError('not_found', 'There is no such pairing.')
        },
        authenticate(key) {
          if (world.state !== 'unlocked') throw new LatchkeyError('locked', 'The vault is locked.')
          if (key !== apps.key) return null
          if (apps.ended !== null) throw new LatchkeyError('unauthenticated', apps.ended)
          return { id: app.id, name: app.name }
        },
      },
      apps: { get: () => app },
      audit: { export: (filter) => apps.exported(filter) },
      sees: (event, caller) => apps.sees(event, caller),
      proxy: options.proxy ?? {
        handle: () => Promise.reject(new LatchkeyError('not_found', 'No proxy in this test.')),
      },
      onEnded(_, listener) {
        endings.add(listener)
        return () => endings.delete(listener)
      },
    },
    events,
    paths,
    page: options.page === undefined ? null : { dir: path.join(dir, 'page') },
    logger: { debug: log, info: log, warn: log, error: log },
    version: '0.1.0',
    port: options.port ?? 0,
    limits: options.limits,
    clock,
  })
  onTestFinished(() => api.close())
  const host = new URL(api.http).host
  const key = fs.readFileSync(paths.ownerKey, 'utf8').trim()
  return Object.assign(world, {
    api,
    dir,
    key,
    host,
    paths,
    calls,
    handlers,
    apps,
    emit: events.emit,
    logged,
    clock,
    call: (method: string, target: string, it: CallOptions = {}) =>
      request({
        where: it.socket ? { socketPath: paths.socket } : hostAndPort(host),
        method,
        target,
        body: it.body,
        headers: {
          host: it.socket ? 'localhost' : host,
          ...(it.key === null ? {} : { authorization: `Bearer ${it.key ?? key}` }),
          ...(it.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...it.headers,
        },
      }),
  })
}

export const hostAndPort = (host: string) => ({ host: '127.0.0.1', port: Number(host.split(':')[1]) })

/** One request with exactly these headers. A `body` that is no text is sent as JSON. */
export function request(options: {
  where: { socketPath: string } | { host: string; port: number }
  method: string
  target: string
  headers: Record<string, string | string[]>
  body?: unknown
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { where, method, target, headers, body } = options
    const outgoing = http.request(
      { ...where, method, path: target, headers, agent: false, setHost: false },
      (incoming) => {
        const parts: Buffer[] = []
        incoming.on('data', (part: Buffer) => parts.push(part))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const text = Buffer.concat(parts).toString()
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: parsed(text) })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes `text` as it is and resolves with everything that comes back until the other side ends the connection. */
export function raw(where: net.NetConnectOpts, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(where)
    let all = ''
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => {
      all += part
    })
    socket.on('close', () => resolve(all))
    socket.on('error', reject)
    socket.write(text)
  })
}

export const vaultStatus = (state: VaultStatus['state']): VaultStatus => ({
  state,
  guards: ['passphrase'],
  reason: 'For the test.',
  remedy: null,
})

export const account: Account = {
  id: 'acc_1',
  alias: 'practice:ada',
  provider_id: 'practice',
  provider_name: 'Practice',
  registration_id: 'reg_1',
  registration_name: 'Practice',
  identity: null,
  status: { state: 'active', since: '2026-01-01T00:00:00.000Z', reason: 'It works.', remedy: null, retry_at: null },
  grant: 'authorization_code',
  enabled: true,
  validation: null,
  scopes_requested: [],
  scopes_granted: [],
  token: null,
  created_at: '2026-01-01T00:00:00.000Z',
  last_used_at: null,
  last_refresh_at: null,
}

export const app: App = {
  id: 'app_1',
  name: 'Backup',
  purpose: 'Copies the mail.',
  state: 'active',
  reason: null,
  created_at: '2026-01-01T00:00:00.000Z',
  last_used_at: null,
  expires_at: null,
  idle_days: null,
  caller: null,
  permissions: [],
}

export const pairingSecret = 's'.repeat(43)

export const pairing: Pairing = {
  id: 'ask_1',
  code: 'WXYZ-2345',
  state: 'waiting',
  interval: 2,
  expires_at: '2026-01-01T00:10:00.000Z',
}

export const flow: Flow = {
  id: 'flow_1',
  provider_id: 'practice',
  provider_name: 'Practice',
  registration_id: 'reg_1',
  account_id: null,
  via: 'paste',
  state: 'waiting_for_person',
  authorization_url: 'http://127.0.0.1:1/authorize',
  redirect_uri: 'http://127.0.0.1:2/callback',
  device: null,
  failure: null,
  decision: null,
  steps: [],
  started_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:05:00.000Z',
  ended_at: null,
}
