/** A JSON Web Token, read but not verified (RFC 7519 7.2 without the signature): good for showing, not for trusting. */
export interface DecodedJwt {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

/** The header and claims of a signed JWT, or null when the token is opaque or encrypted. Never throws. */
export function decodeJwt(token: string): DecodedJwt | null {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const header = jsonPart(parts[0])
  const claims = jsonPart(parts[1])
  return header && claims ? { header, claims } : null
}

/** A NumericDate claim (RFC 7519 2) in milliseconds since 1970, or null. */
export function numericDate(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value * 1000) : null
}

function jsonPart(part: string | undefined): Record<string, unknown> | null {
  if (!part) return null
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
