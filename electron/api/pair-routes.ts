import type { FastifyInstance, FastifyRequest } from 'fastify'
import { pairInputSchema } from '../../shared/contract-apps.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { PairingService } from '../services/ports-apps.ts'
import type { Doorkeeper } from './admission.ts'
import { bodyOf, checked, queryOf, refuseUnknown } from './input.ts'
import type { Visits } from './visit.ts'

/** How a program that has no key gets one: it asks, the person decides, and it looks what became of it. */
export function addPairRoutes(
  app: FastifyInstance,
  parts: { pairing: Pick<PairingService, 'pair' | 'look'>; visits: Visits; failures: Doorkeeper['failures'] },
): void {
  const stranger = { config: { for: 'stranger' }, bodyLimit: 100_000 } as const
  const visitOf = (request: FastifyRequest) => {
    const visit = parts.visits.get(request.raw)
    if (visit?.admission.as !== 'stranger') throw new Error('The guard let in somebody else.')
    return { origin: visit.origin, secret: visit.admission.secret }
  }

  app.post('/v1/pair', stranger, async (request, reply) => {
    refuseUnknown(queryOf(request))
    const pairing = await parts.pairing.pair(checked(pairInputSchema, bodyOf(request)), visitOf(request).origin)
    return reply
      .code(201)
      .header('location', `/v1/pair/${encodeURIComponent(pairing.id)}`)
      .send(pairing)
  })

  app.get<{ Params: { id: string } }>('/v1/pair/:id', stranger, async (request) => {
    refuseUnknown({ ...queryOf(request), ...bodyOf(request) })
    const { origin, secret } = visitOf(request)
    try {
      return parts.pairing.look(request.params.id, secret)
    } catch (error) {
      // A guess at somebody else's pairing. Who has the right secret never gets here, however many others guess.
      const guessed = error instanceof LatchkeyError && error.code === 'not_found'
      throw guessed ? parts.failures[origin.transport].fail(error) : error
    }
  })
}
