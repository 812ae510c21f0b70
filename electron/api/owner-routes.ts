import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LatchkeyError } from '../../shared/errors.ts'
import type { AccessTokenService } from '../services/access-token.ts'
import type { Dispatch, VaultService } from '../services/ports.ts'
import { bodyOf, callerOf } from './app.ts'
import type { EventStreams } from './event-stream.ts'
import type { ApiLimits } from './limits.ts'
import { openApiDocument } from './openapi.ts'
import { type Route, routes } from './routes.ts'
import { tokenInputSchema } from './schemas.ts'

export interface OwnerRouteParts {
  dispatch: Dispatch
  accessTokens: AccessTokenService
  vault: Pick<VaultService, 'status'>
  streams: EventStreams
  limits: ApiLimits
  version: string
  /** `http://127.0.0.1:PORT`, once it is known. */
  httpUrl: () => string
  oneTimeLink: () => string
}

/** The calls of programs: `/v1/…` and `/openapi.json`. */
export function addOwnerRoutes(app: FastifyInstance, parts: OwnerRouteParts): void {
  const owner = { config: { for: 'owner' } } as const

  app.get('/v1/health', { config: { for: 'anyone' } }, async () => ({
    name: 'Latchkey',
    version: parts.version,
    locked: parts.vault.status().state !== 'unlocked',
  }))

  app.get('/v1/status', owner, async (request, reply) => {
    const caller = callerOf(request, reply, 'owner')
    return {
      app: await parts.dispatch('app.info', {}, caller),
      vault: await parts.dispatch('vault.status', {}, caller),
    }
  })

  app.get('/openapi.json', owner, async () => openApiDocument({ version: parts.version, http: parts.httpUrl() }))

  app.get('/v1/events', owner, (_, reply) => {
    reply.hijack()
    parts.streams.attach(reply.raw)
  })

  app.post('/v1/page-link', owner, async (request) => {
    refuseUnknown({ ...bodyOf(request), ...queryOf(request) })
    return { url: parts.oneTimeLink(), expires_in: 600 }
  })

  app.post<{ Params: { account: string } }>('/v1/accounts/:account/token', owner, async (request, reply) => {
    refuseUnknown(queryOf(request))
    const input = tokenInputSchema.safeParse(bodyOf(request))
    if (!input.success) throw invalidTokenInput(bodyOf(request))
    const { min_validity: minValidity } = input.data
    return await parts.accessTokens.get(
      request.params.account,
      minValidity === undefined ? {} : { minValidity },
      callerOf(request, reply, 'owner'),
    )
  })

  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      ...owner,
      ...(route.large ? { bodyLimit: parts.limits.requestBody } : {}),
      handler: async (request, reply) => {
        try {
          return await parts.dispatch(route.call, inputOf(route, request), callerOf(request, reply, 'owner'))
        } catch (error) {
          throw route.bodyAs === undefined ? error : withoutPrefix(error, route.bodyAs)
        }
      },
    })
  }
}

/** What the contract's method gets: path parameters, then the query or the body. */
function inputOf(route: Route, request: FastifyRequest): Record<string, unknown> {
  const query = queryOf(request)
  const body = bodyOf(request)
  if (route.query === undefined) refuseUnknown(query)
  if (route.body === undefined) refuseUnknown(body)
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    input[name] = route.numbers?.includes(name) && /^\d{1,15}$/.test(String(value)) ? Number(value) : value
  }
  const given = route.bodyAs === undefined ? body : { [route.bodyAs]: body }
  const parameters = request.params as Record<string, string>
  for (const [name, field] of Object.entries(route.parameters ?? {})) {
    // The path says which one; a body that says so too could mean another.
    if (route.bodyAs === undefined && field in body) throw unknownField(field)
    input[field] = parameters[name]
  }
  return { ...input, ...given }
}

const queryOf = (request: FastifyRequest) => request.query as Record<string, unknown>

function refuseUnknown(fields: Record<string, unknown>): void {
  const [first] = Object.keys(fields)
  if (first !== undefined) throw unknownField(first)
}

const unknownField = (field: string) => new LatchkeyError('invalid_request', `“${field}” is not known here.`, { field })

function invalidTokenInput(body: Record<string, unknown>): LatchkeyError {
  const unknown = Object.keys(body).find((name) => name !== 'min_validity')
  if (unknown !== undefined) return unknownField(unknown)
  return new LatchkeyError('invalid_request', '“min_validity” must be a whole number of seconds, up to a year.', {
    field: 'min_validity',
  })
}

/** The body is the request itself here, so its fields have no name in front. */
function withoutPrefix(error: unknown, name: string): unknown {
  if (!(error instanceof LatchkeyError) || !error.details.field?.startsWith(`${name}.`)) return error
  const field = error.details.field.slice(name.length + 1)
  return new LatchkeyError(error.code, error.message.replace(`“${name}.`, '“'), { ...error.details, field }, error)
}
