import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Definition, definitionSchema } from '../../electron/providers/definition.ts'

export interface OldServer {
  origin: string
  clientId: string
  /** The requests for authorization and for tokens. */
  asked: { path: string; parameters: URLSearchParams; headers: IncomingMessage['headers'] }[]
  definition(changes?: Partial<Definition>): Definition
  close(): Promise<void>
}

/**
 * A server of its own ways, without metadata or ID tokens: who comes is signed in as ada and sent back at once.
 *
 * @param options.answer The parameters of the answer, and whether they stand in the fragment.
 * @param options.token The token answer, to any code.
 */
export async function startOldServer(options: {
  id?: string
  answer: (request: URLSearchParams) => { parameters: Record<string, string>; fragment?: boolean }
  token?: (request: URLSearchParams) => Record<string, unknown>
}): Promise<OldServer> {
  const asked: OldServer['asked'] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const url = new URL(request.url ?? '/', origin)
    const parameters = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams
    const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (url.pathname === '/me') {
      json(request.headers.authorization?.startsWith('Bearer ') ? { sub: 'ada', name: 'Ada' } : {})
      return
    }
    asked.push({ path: url.pathname, parameters, headers: request.headers })
    if (url.pathname === '/token') {
      json(
        options.token?.(parameters) ?? {
          access_token: randomBytes(24).toString('base64url'),
          token_type: 'Bearer',
          expires_in: 3600,
        },
      )
      return
    }
    const { parameters: answer, fragment } = options.answer(parameters)
    const back = new URL(parameters.get('redirect_uri') ?? origin)
    if (fragment) back.hash = new URLSearchParams(answer).toString()
    else back.search = new URLSearchParams(answer).toString()
    response.writeHead(302, { location: back.href }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    clientId: 'old-client',
    asked,
    definition: (changes) => definitionSchema.parse({ ...baseDefinition(options.id ?? 'old', origin), ...changes }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function baseDefinition(id: string, origin: string) {
  return {
    id,
    name: 'Old provider',
    category: 'other',
    description: 'A server of the tests with ways of its own.',
    evidence: 'unverified',
    sources: [],
    endpoints: { authorization: `${origin}/auth`, token: `${origin}/token`, userinfo: `${origin}/me` },
    client: 'registration',
    client_authentication: ['none'],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser', reason: 'The tests have no window.' },
    identity: { sources: ['userinfo'], subject: ['sub'], name: ['name'] },
    api: {
      base_url: origin,
      hosts: [new URL(origin).host],
      private_network: true,
      header: { name: 'Authorization', prefix: 'Bearer ' },
    },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
}
