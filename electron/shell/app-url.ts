/** The address of Latchkey's own page. The page never comes from a file: or http: URL. */
export const appScheme = 'app'
export const appHost = 'latchkey'
export const appOrigin = `${appScheme}://${appHost}`

/** Whether a URL belongs to Latchkey's own page. Compares parsed parts: a prefix would match `app://latchkey.example`. */
export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url)
  return (
    parsed !== null &&
    parsed.protocol === `${appScheme}:` &&
    parsed.host === appHost &&
    parsed.username === '' &&
    parsed.password === ''
  )
}

/** Whether a URL can be a page of a provider. */
export function isWebUrl(url: string): boolean {
  const protocol = parseUrl(url)?.protocol
  return protocol === 'https:' || protocol === 'http:'
}

/** What a person's own browser may be sent to: https, and http on this machine only (RFC 8252 7.3). */
export function isBrowserUrl(url: string): boolean {
  const parsed = parseUrl(url)
  if (parsed === null) return false
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed))
}

/** `localhost` or a loopback address literal. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname)
}

export function parseUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
