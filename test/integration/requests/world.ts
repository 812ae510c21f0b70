import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Definition } from '../../../electron/providers/definition.ts'
import type { Caller } from '../../../electron/services/ports.ts'
import type { Use } from '../../../electron/services/ports-apps.ts'
import { createRequestService, type RequestParts } from '../../../electron/services/requests.ts'
import type { createConnections } from '../../../electron/signer/resolve.ts'
import type { AccountRecord, RegistrationRecord, RegistrationStore, TokenSet } from '../../../electron/vault/ports.ts'
import { requestInputSchema } from '../../../shared/contract.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

/** An API on loopback: it keeps what it received and answers with what `answer` does. */
export interface Api {
  base: string
  host: string
  received: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[]
}

export async function startServer(
  answer: (request: Api['received'][number], response: http.ServerResponse) => void,
): Promise<Api> {
  const received: Api['received'] = []
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts).toString()
    const entry = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
    received.push(entry)
    answer(entry, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base: `http://${host}`, host, received }
}

/** `127.0.0.1:PORT` where nobody listens any more. */
export async function closedPort(): Promise<string> {
  const server = http.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `127.0.0.1:${port}`
}

export interface WorldOptions {
  baseUrl?: string
  hosts?: string[]
  extraHosts?: string[]
  privateNetwork?: boolean
  header?: { name: string; prefix: string }
  queryParameter?: string
  /** What a caller may; everything, unless it is said here. */
  gate?: Partial<RequestParts['gate']>
  /** Access tokens in the order in which refreshes give them. */
  tokens?: string[]
  connections?: ReturnType<typeof createConnections>
}

/** The request service among small stand-ins for the services beside it. */
export function world(options: WorldOptions = {}) {
  const tokens = options.tokens ?? ['first-token', 'second-token', 'third-token']
  const asked: (string | undefined)[] = []
  const uses: Use[] = []
  const used: string[] = []
  let current = 0

  const account: AccountRecord = {
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
  const definition: Definition = {
    id: 'test',
    name: 'Test',
    category: 'other',
    description: 'A provider of the tests.',
    evidence: 'unverified',
    sources: [],
    client: 'registration',
    client_authentication: ['none'],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser' },
    identity: { sources: ['userinfo'], subject: ['sub'] },
    api: {
      base_url: options.baseUrl,
      hosts: options.hosts ?? [],
      private_network: options.privateNetwork ?? false,
      header: options.header ?? { name: 'Authorization', prefix: 'Bearer ' },
      ...(options.queryParameter === undefined ? {} : { query_parameter: options.queryParameter }),
    },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
  const registration = { extraHosts: options.extraHosts ?? [] } as RegistrationRecord
  const tokenSet = (accessToken: string): TokenSet => ({
    accessToken,
    refreshToken: null,
    idToken: null,
    tokenType: 'Bearer',
    scopes: [],
    obtainedAt: 0,
    expiresAt: null,
    expirySource: 'unknown',
  })
  const parts: RequestParts = {
    vault: {
      registrations: { get: () => registration } as unknown as RegistrationStore,
      accounts: { touchUsed: (id: string) => used.push(id) } as unknown as RequestParts['vault']['accounts'],
    },
    settings: async () => ({
      definition,
      clientId: 'client',
      clientSecret: null,
      clientAuthentication: 'none',
      variables: {},
      fallbackExpiry: null,
    }),
    gate: {
      account(reference) {
        if (reference === account.id || reference === account.alias) return account
        throw new LatchkeyError('not_found', `There is no account ${reference}.`)
      },
      request() {},
      allows: () => true,
      bound: (found) => found,
      ...options.gate,
    },
    bindings: {
      find: () => null,
      accountFor(url) {
        throw new LatchkeyError('not_found', `No account is bound to ${url.host}.`)
      },
    },
    tokens: {
      async fresh(_, wanted) {
        asked.push(wanted?.rejected)
        const refreshed = wanted?.rejected !== undefined && wanted.rejected === tokens[current]
        if (refreshed && current < tokens.length - 1) current += 1
        return { tokens: tokenSet(tokens[current] ?? ''), refreshed }
      },
    },
    audit: { use: (use) => uses.push(use) },
    clock: { now: () => Date.now() },
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    connections: options.connections,
  }
  const service = createRequestService(parts)
  onTestFinished(() => service.close())

  const send = (request: Record<string, unknown>, caller: Caller = { kind: 'owner' }, reference = 'test:ada') =>
    service.send(reference, requestInputSchema.parse(request), caller)
  return { service, send, asked, uses, used, parts }
}
