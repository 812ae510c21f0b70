import { parseUrl } from './app-url.ts'

export const linkScheme = 'latchkey'

const pages = new Set(['accounts', 'providers', 'activity', 'playground', 'settings'])

/**
 * The page that a `latchkey://` link leads to, as a path of the page's own, or null for anything that is not on the
 * list. A link comes from any program or web page: it may only ever show a page, never do something.
 */
export function pageOfLink(link: string): string | null {
  const url = parseUrl(link)
  if (url === null || url.protocol !== `${linkScheme}:`) return null
  const [place = '', ...rest] = `${url.host}${url.pathname}`.split('/').filter((part) => part !== '')
  if (place === 'reconnect' || place === 'accounts') {
    const [id] = rest
    if (id !== undefined && rest.length === 1 && /^[A-Za-z0-9_-]{1,100}$/.test(id)) return `/accounts/${id}`
  }
  return rest.length === 0 && pages.has(place) ? `/${place}` : null
}

/** The link among a program's arguments: how Linux and Windows hand one over. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.find((argument) => argument.startsWith(`${linkScheme}://`)) ?? null
}
