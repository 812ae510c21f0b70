import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Dispatch } from '../services/ports.ts'
import { bodyOf, queryOf, refuseUnknown, unknownField } from './input.ts'
import type { ApiLimits } from './limits.ts'
import { answerPage } from './paging.ts'
import { type Route, routes } from './routes.ts'
import type { CallerOf } from './visit.ts'

/** The calls that are methods of the contract. Which of them an app may make, and with what, the services decide. */
export function addContractRoutes(
  app: FastifyInstance,
  parts: { dispatch: Dispatch; callerOf: CallerOf; limits: ApiLimits },
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { for: 'program' },
      ...(route.large ? { bodyLimit: parts.limits.requestBody } : {}),
      handler: async (request, reply) => {
        try {
          return await answer(route, request, reply)
        } catch (error) {
          throw route.bodyAs === undefined ? error : withoutPrefix(error, route.bodyAs)
        }
      },
    })
  }

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const input = inputOf(route, request)
    const { call, ...rest } = route.choose?.(input) ?? { call: route.call, input }
    const caller = parts.callerOf(request, reply)
    const ask = (it: Record<string, unknown>) => parts.dispatch(call, it, caller)
    return route.paged ? await answerPage(request, reply, rest.input, ask) : await ask(rest.input)
  }
}

/** What the contract's method gets: path parameters, then the query or the body. */
function inputOf(route: Route, request: FastifyRequest): Record<string, unknown> {
  const query = queryOf(request)
  const body = bodyOf(request)
  if (route.query === undefined) refuseUnknown(query)
  if (route.body === undefined) refuseUnknown(body)
  const input = withNumbers(query, route.numbers)
  const given = route.bodyAs === undefined ? body : { [route.bodyAs]: body }
  const parameters = request.params as Record<string, string>
  for (const [name, field] of Object.entries(route.parameters ?? {})) {
    // The path says which one; a body that says so too could mean another.
    if (route.bodyAs === undefined && field in body) throw unknownField(field)
    input[field] = parameters[name]
  }
  return { ...input, ...given }
}

/** A query is all text; these of it are numbers. What does not look like one is left for the schema to refuse. */
export function withNumbers(query: Record<string, unknown>, numbers: readonly string[] = []): Record<string, unknown> {
  const isNumber = (name: string, value: unknown) => numbers.includes(name) && /^\d{1,15}$/.test(String(value))
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, isNumber(name, value) ? Number(value) : value]),
  )
}

/** The body is the request itself here, so its fields have no name in front. */
function withoutPrefix(error: unknown, name: string): unknown {
  if (!(error instanceof LatchkeyError) || !error.details.field?.startsWith(`${name}.`)) return error
  const field = error.details.field.slice(name.length + 1)
  return new LatchkeyError(error.code, error.message.replace(`“${name}.`, '“'), { ...error.details, field }, error)
}
