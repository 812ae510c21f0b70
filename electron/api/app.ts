import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { LatchkeyError, toWireError } from '../../shared/errors.ts'
import type { Logger } from '../platform/ports.ts'
import { type Audience, isFor } from './admission.ts'
import type { ApiLimits } from './limits.ts'
import { errorAnswer, Refusal } from './refusal.ts'
import type { Visits } from './visit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whom the route is for; whoever was let in as something else does not get to it. */
    for?: Audience
  }
}

/**
 * The router behind both listeners. It reads JSON and answers JSON; who may come in has been decided before
 * (admission.ts), and is compared here with whom the route is for.
 */
export function createApp(options: { limits: ApiLimits; logger: Logger; visits: Visits }): FastifyInstance {
  const { limits, logger, visits } = options
  const answerError = (error: unknown, reply: FastifyReply) => {
    const known = asLatchkeyError(error)
    if (known === null) logUnexpected(logger, error)
    const wire = known === null ? toWireError(error) : known.toWire()
    const { status, headers, body } = errorAnswer(wire, known instanceof Refusal ? known.status : undefined)
    return reply.code(status).headers(headers).send(body)
  }
  const app = fastify({
    logger: false,
    bodyLimit: limits.body,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: (error, _, reply) => answerError(error, reply),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    // A POST that needs no input may say that it is JSON and then send none.
    if (body === '') done(null, {})
    else app.getDefaultJsonParser('error', 'error')(_, body as string, done)
  })
  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    // A route that does not say whom it is for is for nobody.
    const wanted = request.routeOptions.config.for
    const as = visits.get(request.raw)?.admission.as
    if (isFor(wanted, as)) return
    throw as === 'app' && wanted === 'owner' ? ownersAlone() : noSuchCall(request)
  })
  app.setErrorHandler(async (error, request, reply) => {
    await visits.get(request.raw)?.origin.settled()
    return answerError(error, reply)
  })
  app.setNotFoundHandler((request, reply) => answerError(noSuchCall(request), reply))
  return app
}

function noSuchCall(request: FastifyRequest): LatchkeyError {
  const path = request.url.split('?', 1)[0]
  return new LatchkeyError('not_found', `There is no ${request.method} ${path} in this API. See GET /openapi.json.`)
}

const ownersAlone = () =>
  new LatchkeyError('forbidden', 'Apps cannot call this. It needs the owner key.', {
    action: { text: 'Do it in Latchkey, or with the latchkey command.' },
  })

/** Says in the log where something unexpected happened. Its message stays out: it may hold a secret. */
export function logUnexpected(logger: Logger, error: unknown): void {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  logger.error('A call failed unexpectedly.', {
    error: error instanceof Error ? error.name : typeof error,
    at: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' | '),
  })
}

/** Fastify's own errors in the API's words; null for a defect. */
function asLatchkeyError(error: unknown): LatchkeyError | null {
  if (error instanceof LatchkeyError) return error
  if (!(error instanceof Error)) return null
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new LatchkeyError('too_large', 'The body of the request is too large.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal(415, 'invalid_request', 'A body must be JSON, with Content-Type: application/json.')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new LatchkeyError('invalid_request', 'The path is not a valid one.')
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new LatchkeyError('invalid_request', 'The body is not valid JSON.')
  }
  return null
}
