import type { WebhookSettings } from '../../../shared/contract-webhooks.ts'
import { readPath } from '../../providers/answer-mapping.ts'
import type { Arrival, Delivery } from './arrival.ts'
import { sameText } from './verify.ts'

type Challenge = WebhookSettings['challenge']

/** Longer than any sender's; what is sent back is a stranger's text. */
const longest = 2048

/**
 * The answer to a challenge in the query, or null when this is none. It comes before any verification: the sender has
 * nothing yet to sign with. Only text goes back, as text (listener), so that no browser takes it for a page.
 */
export function queryChallenge(challenge: Challenge, arrival: Arrival, secret: string | null): string | null {
  if (challenge.kind !== 'query') return null
  const value = arrival.query.get(challenge.parameter)
  if (value === null || value === '' || value.length > longest) return null
  if (challenge.token === null) return value
  const token = arrival.query.get(challenge.token)
  return token !== null && secret !== null && secret !== '' && sameText(token, secret) ? value : null
}

/** The same for a challenge in a verified body. */
export function bodyChallenge(challenge: Challenge, delivery: Delivery): string | null {
  if (challenge.kind !== 'body' || readPath(delivery.document, challenge.path) !== challenge.equals) return null
  const value = readPath(delivery.document, challenge.answer)
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : null
}
