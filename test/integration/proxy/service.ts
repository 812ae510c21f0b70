import { baseHeaders } from '../../../electron/api/refusal.ts'
import type { ClientSettings } from '../../../electron/oauth/ports.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createDestinations } from '../../../electron/services/destinations.ts'
import type { Caller } from '../../../electron/services/ports.ts'
import type { Use } from '../../../electron/services/ports-apps.ts'
import { createProxyService } from '../../../electron/services/proxy.ts'
import type { createConnections } from '../../../electron/signer/resolve.ts'
import type { AccountRecord, RegistrationRecord, TokenSet } from '../../../electron/vault/ports.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'

export interface ProxyOptions {
  /** The API base URL; null: there is none. */
  baseUrl?: string | null
  hosts?: string[]
  privateNetwork?: boolean
  header?: { name: string; prefix: string }
  queryParameter?: string
  /** Access tokens in the order in which refreshes give them. */
  tokens?: string[]
  dpopKey?: string
  idleLimit?: number
  connections?: ReturnType<typeof createConnections>
  /** What the gate says of a request; `forbidden` is thrown where it says no. */
  may?: (request: { method: string; url: URL }) => boolean
  /** Called before a token is given; may throw. */
  onFresh?: () => void | Promise<void>
}

export const account: AccountRecord = {
  id: 'acc_1',
  registrationId: 'reg_1',
  providerId: 'test',
  alias: 'test:ada',
  identity: null,
  scopesRequested: [],
  grant: 'authorization_code',
  enabled: true,
  validation: null,
  trouble: null,
  createdAt: 0,
  lastUsedAt: null,
  lastRefreshAt: null,
}

const tokenSet = (accessToken: string, tokenType: string): TokenSet => ({
  accessToken,
  refreshToken: null,
  idToken: null,
  tokenType,
  scopes: [],
  obtainedAt: 0,
  expiresAt: null,
  expirySource: 'unknown',
})

/** The proxy among stand-ins for vault, permissions and tokens. Needs no test runner: a process of its own has one too. */
export function proxyService(options: ProxyOptions) {
  const tokens = options.tokens ?? ['first-token', 'second-token', 'third-token']
  const uses: Use[] = []
  const waiting = new Set<() => void>()
  const asked: (string | undefined)[] = []
  const settings = { baseUrl: options.baseUrl ?? null, hosts: options.hosts ?? [] }
  const events = createEventBus<LatchkeyEvent>()
  let current = 0

  const clientSettings = (): ClientSettings =>
    ({
      definition: {
        id: 'test',
        name: 'Test',
        api: {
          ...(settings.baseUrl === null ? {} : { base_url: settings.baseUrl }),
          hosts: settings.hosts,
          private_network: options.privateNetwork ?? false,
          header: options.header ?? { name: 'Authorization', prefix: 'Bearer ' },
          ...(options.queryParameter === undefined ? {} : { query_parameter: options.queryParameter }),
        },
      },
      variables: {},
      dpopKey: options.dpopKey ?? null,
    }) as unknown as ClientSettings

  const service = createProxyService({
    gate: {
      account(reference: string, caller: Caller) {
        if (reference === account.id || reference === account.alias) return account
        throw caller.kind === 'app'
          ? new LatchkeyError('forbidden', 'The app may not use this account.')
          : new LatchkeyError('not_found', `There is no account “${reference}”.`)
      },
      request(_: AccountRecord, __: Caller, request: { method: string; url: URL }) {
        if (options.may?.(request) === false) throw new LatchkeyError('forbidden', 'The app may not send this.')
      },
    },
    destinations: createDestinations({
      vault: { registrations: { get: () => ({ extraHosts: [] }) as unknown as RegistrationRecord } } as never,
      settings: async () => clientSettings(),
    }),
    tokens: {
      async fresh(_: string, { rejected }: { rejected?: string } = {}) {
        asked.push(rejected)
        await options.onFresh?.()
        const type = options.dpopKey === undefined ? 'Bearer' : 'DPoP'
        const refreshed = rejected !== undefined && rejected === tokens[current] && current + 1 < tokens.length
        if (refreshed) current += 1
        return { tokens: tokenSet(tokens[current] ?? '', type), refreshed }
      },
    },
    vault: { accounts: { touchUsed() {} } as never },
    audit: {
      use(use) {
        uses.push(use)
        for (const look of [...waiting]) look()
      },
    },
    events,
    clock: { now: () => Date.now() },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    answerHeaders: Object.entries(baseHeaders).flat(),
    ...(options.idleLimit === undefined ? {} : { idleLimit: options.idleLimit }),
    ...(options.connections === undefined ? {} : { connections: options.connections }),
  })

  const used = (count: number) =>
    new Promise<Use[]>((resolve) => {
      const look = () => {
        if (uses.length < count) return
        waiting.delete(look)
        resolve(uses)
      }
      waiting.add(look)
      look()
    })
  return { service, uses, asked, events, settings, used }
}
