import { validateHeaderName, validateHeaderValue } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'

/** Headers of a request, names in lower case. */
export type Headers = Record<string, string>

/** Would stand beside or replace what Latchkey attaches, or lead the request to another host behind the same address. */
const refused = new Set(['authorization', 'dpop', 'proxy-authorization', 'cookie', 'cookie2', 'host'])

/**
 * Belong to one connection (RFC 9110 7.6.1) or are counted and negotiated anew when sending. Left out without a word, as
 * programs that copy a whole request bring them along.
 */
const leftOut = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'accept-encoding',
  'expect',
])

/**
 * The caller's headers as they may be sent.
 *
 * @param credentialHeader The header that carries the account's token, which only Latchkey sets.
 * @throws LatchkeyError `invalid_request` with field `headers.NAME`.
 */
export function callerHeaders(headers: Headers, credentialHeader: string): Headers {
  const own = credentialHeader.toLowerCase()
  const clean: Headers = {}
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase()
    if (name === own || refused.has(name)) {
      throw invalid(
        given,
        `Leave out the header ${given}: Latchkey sets credentials and host of a signed request itself.`,
      )
    }
    if (leftOut.has(name)) continue
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch {
      throw invalid(given, `The header ${JSON.stringify(given)} holds characters that no header can have.`)
    }
    if (name in clean) throw invalid(given, `The header ${given} is there twice.`)
    clean[name] = value
  }
  return clean
}

function invalid(name: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field: `headers.${name}` })
}
