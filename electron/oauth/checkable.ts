import type { Configured } from './configuration.ts'
import { type Exchange, tokenResponse } from './exchange.ts'

/** Without an issuer to check it against, an ID token proves nothing and is not kept. */
export function withoutUncheckable(
  response: Response,
  { recorded }: Exchange,
  { issuerKnown }: Pick<Configured, 'issuerKnown'>,
): Response {
  const json = recorded?.answer.json
  if (!recorded || !json || issuerKnown || json.id_token === undefined) return response
  const { id_token: _, ...rest } = json
  return tokenResponse({ status: recorded.answer.status, json: rest })
}
