import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { LatchkeyError } from '../../shared/errors.ts'
import { toResult } from '../../shared/result.ts'
import type { Logger } from '../platform/ports.ts'
import type { Dispatch } from '../services/ports.ts'
import { logUnexpected } from './app.ts'
import { type EventStreams, lastEventId } from './event-stream.ts'
import type { FailureWindow } from './failures.ts'
import { bodyOf } from './input.ts'
import type { ApiLimits } from './limits.ts'
import { type PageSessions, sessionCookie } from './page-session.ts'
import type { CallerOf, Visits } from './visit.ts'

export interface PageRouteParts {
  dispatch: Dispatch
  sessions: PageSessions
  streams: EventStreams
  failures: FailureWindow
  visits: Visits
  callerOf: CallerOf
  limits: ApiLimits
  logger: Logger
}

const sessionInput = z.strictObject({ link: z.string().max(200) })
const callInput = z.strictObject({ method: z.string().max(100), input: z.unknown().optional() })

/** The calls of the headless page, which stand in for the desktop's IPC. Over HTTP alone, and with a session. */
export function addPageRoutes(app: FastifyInstance, parts: PageRouteParts): void {
  const page = { config: { for: 'page' } } as const

  app.post('/page/session', { config: { for: 'newcomer' } }, async (request, reply) => {
    const { link } = checked(sessionInput, bodyOf(request))
    const admission = parts.visits.get(request.raw)?.admission
    const session = parts.sessions.open(link, admission?.as === 'newcomer' ? admission.cookie : null)
    if (session === null) {
      throw parts.failures.fail(
        new LatchkeyError('unauthenticated', 'This link does not work any more. Open the page with a new one.'),
      )
    }
    // Without Secure, because loopback has no TLS; without Domain, so that it stays with this host.
    reply.header('set-cookie', `${sessionCookie}=${session.cookie}; Path=/page; HttpOnly; SameSite=Strict`)
    return { key: session.key }
  })

  app.post('/page/call', { ...page, bodyLimit: parts.limits.requestBody }, async (request, reply) => {
    const { method, input } = checked(callInput, bodyOf(request))
    const caller = parts.callerOf(request, reply)
    return await toResult(async () => {
      try {
        return await parts.dispatch(method, input, caller)
      } catch (error) {
        if (!(error instanceof LatchkeyError)) logUnexpected(parts.logger, error)
        throw error
      }
    })
  })

  app.get('/page/events', page, (request, reply) => {
    parts.streams.attach(reply.raw, parts.callerOf(request, reply), lastEventId(request.headers))
    reply.hijack()
  })
}

function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new LatchkeyError('invalid_request', 'The page sent something that this host does not understand.')
}
