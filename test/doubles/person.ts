import { CookieJar } from 'tough-cookie'

export interface PersonOptions {
  /** Goes into the first text field of every form. */
  user?: string
  password?: string
  /** false: presses the button that declines (`name="choice" value="deny"` or the like). */
  consents?: boolean
  /** Cookies to start with: a person who is signed in at the provider already. */
  cookies?: CookieJar
}

/**
 * A person with a browser that shows nothing: follows redirects, keeps cookies, fills in the provider's forms and presses
 * their button, until the browser is sent to `redirectUri`. That URL is not requested; it is returned, as the address
 * bar would show it.
 */
export async function signInAsPerson(
  authorizationUrl: string,
  redirectUri: string,
  options: PersonOptions = {},
): Promise<URL> {
  return (await walkToRedirect(authorizationUrl, redirectUri, options)).url
}

/** The same; `form` is what the provider has the browser post to the redirect URI (Form Post Response Mode), else null. */
export async function walkToRedirect(
  authorizationUrl: string,
  redirectUri: string,
  options: PersonOptions = {},
): Promise<{ url: URL; form: URLSearchParams | null }> {
  const jar = options.cookies ?? new CookieJar()
  let step: { url: URL; form: URLSearchParams | null } = { url: new URL(authorizationUrl), form: null }
  for (let hops = 0; hops < 20; hops++) {
    if (step.url.href.split(/[?#]/)[0] === redirectUri) return step
    const response = await fetch(step.url, {
      method: step.form ? 'POST' : 'GET',
      body: step.form,
      redirect: 'manual',
      headers: { cookie: await jar.getCookieString(step.url.href), accept: 'text/html' },
    })
    for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, step.url.href)
    const location = response.headers.get('location')
    const page = await response.text()
    if (location) {
      step = { url: new URL(location, step.url), form: null }
      continue
    }
    const form = readForm(page, step.url, options)
    if (!form) throw new Error(`The provider shows a page without a form (HTTP ${response.status}): ${words(page)}`)
    step = form
  }
  throw new Error('The provider sends the browser round in circles.')
}

/** The first form of a page, filled in. */
function readForm(page: string, base: URL, options: PersonOptions): { url: URL; form: URLSearchParams } | null {
  const [, head, inside] = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page) ?? []
  if (head === undefined || inside === undefined) return null
  const form = new URLSearchParams()
  for (const [, tag, attributes] of inside.matchAll(/<(input|button)\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name')
    const type = attribute(attributes, 'type') ?? (tag?.toLowerCase() === 'button' ? 'submit' : 'text')
    if (!name || type === 'submit' || form.has(name)) continue
    if (type === 'password') form.set(name, options.password ?? 'password')
    else if (type === 'hidden') form.set(name, attribute(attributes, 'value') ?? '')
    else if (type !== 'checkbox' && type !== 'radio') form.set(name, options.user ?? 'ada')
  }
  const buttons = [...inside.matchAll(/<(?:button|input)\b([^>]*)>/gi)]
    .map(([, attributes]) => ({ name: attribute(attributes, 'name'), value: attribute(attributes, 'value') ?? '' }))
    .filter(({ name, value }) => name && value && !form.has(name))
  const declines = ({ value }: { value: string }) => /deny|declin|cancel|abort/i.test(value)
  const pressed = options.consents === false ? buttons.find(declines) : buttons.find((button) => !declines(button))
  if (pressed?.name) form.set(pressed.name, pressed.value)
  return { url: new URL(attribute(head, 'action') ?? '', base), form }
}

function attribute(attributes: string | undefined, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes ?? '')
  const value = match?.[1] ?? match?.[2] ?? match?.[3]
  return value?.replaceAll('&amp;', '&').replaceAll('&quot;', '"') ?? null
}

function words(page: string): string {
  return page
    .replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}
