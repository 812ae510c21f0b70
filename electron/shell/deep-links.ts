import { parseUrl } from './app-url.ts'

export const linkScheme = 'latchkey'

/** Links → pages (renderer/app/routes.ts). */
const pages = new Map([
  ['accounts', '/'],
  ['providers', '/providers'],
  ['activity', '/activity'],
  ['apps', '/apps'],
  ['playground', '/playground'],
  ['settings', '/settings'],
])

/**
 * The page that a `latchkey://` link leads to, as a path of the page's own, or null for anything that is not on the
 * list. A link comes from any program or web page: it may only ever show a page, never do something.
 */
export function pageOfLink(link: string): string | null {
  const url = parseUrl(link)
  if (url === null || url.protocol !== `${linkScheme}:`) return null
  const [place = '', id, ...rest] = `${url.host}${url.pathname}`.split('/').filter((part) => part !== '')
  if (id === undefined) return pages.get(place) ?? null
  // What a program asks for, by id or by the code that the program shows.
  const isAsk = place === 'asks' && /^[A-Za-z0-9_-]{1,100}$/.test(id)
  if (isAsk && rest.length === 0) return `/apps/asks/${id}`
  const isAccount = (place === 'reconnect' || place === 'accounts') && /^[A-Za-z0-9_-]{1,100}$/.test(id)
  return isAccount && rest.length === 0 ? `/accounts/${id}` : null
}

/** The link among a program's arguments: how Linux and Windows hand one over. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.find((argument) => argument.startsWith(`${linkScheme}://`)) ?? null
}
