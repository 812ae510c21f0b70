/**
 * Encoded slash, backslash, dot, semicolon, end of text; bytes that no UTF-8 has (overlong slashes and dots), and `%u002e`,
 * which is no URL encoding but is decoded by some servers.
 */
const encoded = /%(?:2f|5c|2e|3b|00|c0|c1|e0%[89]|f0%8|u)/i
/** Backslashes, parameters of a segment, empty segments, and segments of dots that the URL parser leaves alone. */
const plain = /[\\;]|\/\/|\/\.\.|\/\.(?:\/|$)/
const escaped = /%([0-9a-f]{2})/gi

/**
 * Whether it can be told which resource this path names, without knowing the server: however often it decodes the path,
 * nothing comes up that leads to somewhere else than stands there.
 */
export function isComparable(path: string): boolean {
  let text = path
  for (let times = 0; times < 8; times += 1) {
    if (encoded.test(text) || plain.test(text)) return false
    const decoded = text.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    if (decoded === text) return true
    text = decoded
  }
  return false
}

/**
 * A path prefix as it is kept: as the URL parser writes it, without a last slash. null: it covers every path, or it is
 * none that could be compared.
 */
export function readPrefix(prefix: string): { prefix: string | null } | null {
  if (!prefix.startsWith('/') || /[?#\s]/.test(prefix) || !isComparable(prefix.replace(/\/$/, ''))) return null
  const path = new URL(`https://host.invalid${prefix}`).pathname.replace(/\/$/, '')
  return { prefix: path === '' ? null : path }
}

/** Whole segments: `/v1/me` covers `/v1/me` and `/v1/me/mail`, not `/v1/meow`. */
export function isUnder(prefix: string, path: string): boolean {
  return isComparable(path) && (path === prefix || path.startsWith(`${prefix}/`))
}

/** The segments with which both begin; null: none. */
export function commonPrefix(one: string, other: string): string | null {
  const segments = one.split('/')
  const others = other.split('/')
  const end = segments.findIndex((segment, place) => segment !== others[place])
  const common = (end === -1 ? segments : segments.slice(0, end)).join('/')
  return common === '' ? null : common
}
