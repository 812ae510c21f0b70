import { CookieJar } from 'tough-cookie'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { PersonId } from './people.ts'

const mostSteps = 12

/**
 * Plays the person at the practice provider's pages, without a browser: opens the authorization URL, chooses the account,
 * answers the consent page. Resolves to the redirect URL that a browser would be sent to then (RFC 6749 4.1.2), which
 * is not requested.
 *
 * Only for a provider on this machine. Throws `invalid_request` for any other address, `provider_error` when the pages
 * lead nowhere.
 */
export async function signInAt(
  authorizationUrl: string,
  person: { user: PersonId; approve: boolean; signal?: AbortSignal; cookies?: CookieJar },
): Promise<URL> {
  const { cookies = new CookieJar() } = person
  let url = new URL(authorizationUrl)
  const { origin } = url
  if (url.protocol !== 'http:' || url.hostname !== '127.0.0.1') {
    throw new LatchkeyError(
      'invalid_request',
      'Only the practice provider on this computer can be signed in at like this.',
    )
  }
  let form: URLSearchParams | null = null
  for (let step = 0; step < mostSteps; step++) {
    const response: Response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      headers: { cookie: await cookies.getCookieString(url.href), accept: 'text/html' },
      redirect: 'manual',
      ...(form && { body: form }),
      ...(person.signal && { signal: person.signal }),
    })
    for (const cookie of response.headers.getSetCookie()) await cookies.setCookie(cookie, url.href)
    const page = await response.text()
    const location = response.headers.get('location')
    if (location !== null) {
      url = new URL(location, url)
      if (url.origin !== origin) return url
      form = null
      continue
    }
    form = answer(page, person)
    if (!form) throw lost(page)
  }
  throw lost('')
}

/** What the person does on a page: the form that is sent, or null when there is none to answer. */
function answer(page: string, { user, approve }: { user: PersonId; approve: boolean }): URLSearchParams | null {
  if (page.includes(`name="account" value="${user}"`)) return new URLSearchParams({ account: user })
  if (page.includes('name="decision" value="allow"')) {
    return new URLSearchParams({ decision: approve ? 'allow' : 'deny' })
  }
  return null
}

function lost(page: string): LatchkeyError {
  const title = /<title>([^<]*)<\/title>/.exec(page)?.[1]
  const problem = /<code>([^<]*)<\/code>/.exec(page)?.[1]
  const said = [title, problem].filter((text) => text !== undefined).join(': ')
  return new LatchkeyError('provider_error', `The practice provider's pages led nowhere${said ? ` (${said})` : ''}.`)
}
