import type { Headers } from './headers.ts'

/** What stands where a token was. */
const masked = '[access token]'

/** A token as it may stand in text: plain, in a URL, or in JSON with escaped slashes. */
function spellings(token: string): string[] {
  return [...new Set([token, encodeURIComponent(token), token.replaceAll('/', '\\/')])]
}

/**
 * The answer without the access token, for callers that may not have it: an API that echoes its request would otherwise
 * hand it to them. Works on bytes, so that what is called binary hides nothing. An API that encodes the token in a way of
 * its own (base64, encryption) cannot be seen through.
 */
export function withoutToken(answer: { headers: Headers; body: Buffer }, token: string): typeof answer {
  const words = spellings(token)
  const mask = (text: string) => words.reduce((rest, word) => rest.replaceAll(word, masked), text)
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, mask(value)]))
  if (!words.some((word) => answer.body.includes(word))) return { headers, body: answer.body }
  // latin1 maps every byte to one character and back, so the rest of the body stays as it was.
  const body = Buffer.from(mask(answer.body.toString('latin1')), 'latin1')
  if (headers['content-length'] !== undefined) headers['content-length'] = String(body.length)
  return { headers, body }
}

/** The body as text when it is text that can be read, else as base64. */
export function readable(headers: Headers, body: Buffer): { body: string | null; body_base64: string | null } {
  const text = asText(headers['content-type'] ?? '', headers['content-encoding'], body)
  return text === null ? { body: null, body_base64: body.toString('base64') } : { body: text, body_base64: null }
}

const textual =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml)\b|application\/(?:javascript|ecmascript|graphql|x-www-form-urlencoded|x-ndjson|jwt)\b|image\/svg\+xml\b|$)/i

function asText(contentType: string, encoding: string | undefined, body: Buffer): string | null {
  if (body.length === 0) return ''
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return null
  if (!textual.test(contentType.trim())) return null
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null
  }
}
