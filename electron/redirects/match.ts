/**
 * Whether `url` is an answer at `redirectUri`: everything in front of the query is the same, character for character.
 * RFC 9700 4.1.3 and RFC 3986 6.2.1 ask for simple string comparison: no prefix, no normalization, no decoding, so
 * that `localhost` is not `127.0.0.1`, `/callback/a/` is not `/callback/a`, and `http://127.0.0.1:1@host/` is neither.
 */
export function matchesRedirect(url: URL | string, redirectUri: string): boolean {
  const text = typeof url === 'string' ? url : url.href
  const target = text.split(/[?#]/, 1)[0]
  return target === redirectUri && URL.canParse(text)
}
