import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { LatchkeyError } from '../../shared/errors.ts'
import { invalidInput } from '../services/dispatch.ts'

/** The body as an object; `{}` when there is none. */
export function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const body = request.body ?? {}
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>
  throw new LatchkeyError('invalid_request', 'The body must be a JSON object.')
}

export const queryOf = (request: FastifyRequest) => request.query as Record<string, unknown>

/** Checks what came in against a schema of the API's own. Throws `invalid_request` with the field's name. */
export function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw invalidInput(result.error)
}

export function refuseUnknown(fields: Record<string, unknown>): void {
  const [first] = Object.keys(fields)
  if (first !== undefined) throw unknownField(first)
}

export const unknownField = (field: string) =>
  new LatchkeyError('invalid_request', `“${field}” is not known here.`, { field })
