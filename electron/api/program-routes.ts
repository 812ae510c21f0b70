import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { LatchkeyError } from '../../shared/errors.ts'
import type { AccessTokenService } from '../services/access-token.ts'
import type { Dispatch, VaultService } from '../services/ports.ts'
import type { AppService, AuditService } from '../services/ports-apps.ts'
import { withNumbers } from './contract-routes.ts'
import { type EventStreams, lastEventId } from './event-stream.ts'
import { bodyOf, checked, queryOf, refuseUnknown } from './input.ts'
import { openApiDocument } from './openapi.ts'
import { exportQuerySchema, tokenInputSchema } from './schemas.ts'
import type { CallerOf } from './visit.ts'

export interface ProgramRouteParts {
  dispatch: Dispatch
  callerOf: CallerOf
  accessTokens: AccessTokenService
  vault: Pick<VaultService, 'status'>
  apps: Pick<AppService, 'get'>
  audit: Pick<AuditService, 'export'>
  streams: EventStreams
  version: string
  /** `http://127.0.0.1:PORT`, once it is known. */
  httpUrl: () => string
  oneTimeLink: () => string
}

/** The calls of programs that are no methods of the contract. */
export function addProgramRoutes(app: FastifyInstance, parts: ProgramRouteParts): void {
  const owner = { config: { for: 'owner' } } as const
  const program = { config: { for: 'program' } } as const

  app.get('/v1/health', { config: { for: 'anyone' } }, async () => ({
    name: 'Latchkey',
    version: parts.version,
    locked: parts.vault.status().state !== 'unlocked',
  }))

  app.get('/v1/status', owner, async (request, reply) => {
    const caller = parts.callerOf(request, reply)
    return {
      app: await parts.dispatch('app.info', {}, caller),
      vault: await parts.dispatch('vault.status', {}, caller),
    }
  })

  let description: Record<string, unknown> | null = null
  app.get('/openapi.json', program, async () => {
    description ??= openApiDocument({ version: parts.version, http: parts.httpUrl() })
    return description
  })

  app.get('/v1/app', program, async (request, reply) => {
    refuseUnknown(queryOf(request))
    const { app: calling } = parts.callerOf(request, reply)
    if (calling !== undefined) return parts.apps.get(calling.id)
    throw new LatchkeyError('not_found', 'The owner key belongs to no app: it stands for you.', {
      action: { text: 'GET /v1/apps lists the apps.' },
    })
  })

  app.get('/v1/events', program, (request, reply) => {
    parts.streams.attach(reply.raw, parts.callerOf(request, reply), lastEventId(request.headers))
    reply.hijack()
  })

  app.post('/v1/page-link', owner, async (request) => {
    refuseUnknown({ ...bodyOf(request), ...queryOf(request) })
    return { url: parts.oneTimeLink(), expires_in: 600 }
  })

  app.post<{ Params: { account: string } }>('/v1/accounts/:account/token', program, async (request, reply) => {
    refuseUnknown(queryOf(request))
    const { min_validity: minValidity, ...rest } = checked(tokenInputSchema, bodyOf(request))
    const wanted = { ...(minValidity === undefined ? {} : { minValidity }), ...rest }
    return await parts.accessTokens.get(request.params.account, wanted, parts.callerOf(request, reply))
  })

  app.get('/v1/activity/export', owner, async (request, reply) => {
    const filter = checked(exportQuerySchema, withNumbers(queryOf(request), ['limit']))
    const pieces = parts.audit.export(filter)[Symbol.iterator]()
    // Asked for before the answer begins, so that what is wrong can still be answered as an error.
    const first = pieces.next()
    reply
      .type('application/x-ndjson; charset=utf-8')
      .header('content-disposition', 'attachment; filename="activity.ndjson"')
    return reply.send(Readable.from(first.done ? [] : withFirst(first.value, pieces), { objectMode: false }))
  })
}

/** The pieces are made as fast as the reader takes them, and not at all when it has gone. */
function* withFirst(first: string, rest: Iterator<string>): Generator<string> {
  try {
    yield first
    for (let next = rest.next(); !next.done; next = rest.next()) yield next.value
  } finally {
    rest.return?.()
  }
}
