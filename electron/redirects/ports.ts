/** How the answer of a sign-in comes back (RFC 6749 4.1.2): one port, several ways in. */

/** The ways an authorization response can end other than with a URL. */
export class SignInClosed extends Error {
  constructor() {
    super('The sign-in window was closed.')
    this.name = 'SignInClosed'
  }
}

export interface RedirectRequest {
  providerId: string
  /** `127.0.0.1` or `localhost` in the redirect URI; what is bound is always a loopback address literal. */
  host: '127.0.0.1' | 'localhost'
  /** A fixed port where the provider demands one, else null. */
  port: number | null
  /**
   * Where the answer stands: in the query (the default), in the fragment, which only a page with a script can see, or in
   * a form that the provider has the browser post (OAuth 2.0 Form Post Response Mode).
   */
  mode?: 'query' | 'fragment' | 'form_post'
  /** Decides about a request that arrived at the redirect path: true when it is this flow's answer. */
  accept: (url: URL) => boolean
}

export interface RedirectListener {
  readonly redirectUri: string
  /**
   * Resolves once with the first accepted answer; rejects when `signal` aborts. A posted form has become the query of the
   * redirect URI, a fragment is its fragment.
   */
  answer(signal: AbortSignal): Promise<URL>
  close(): Promise<void>
}

/** Opens a loopback listener before the person is sent anywhere (RFC 8252 7.3). */
export interface LoopbackRedirects {
  listen(request: RedirectRequest): Promise<RedirectListener>
}

/**
 * An isolated window of Latchkey's own for signing in. Only the desktop host has one.
 * `answer` resolves with the URL that exactly matches `redirectUri` in scheme, host, port and path, before it is
 * requested; rejects with `SignInClosed` at once when the person closes the window. With `form_post` the answer is no URL
 * and goes to the listener at the redirect URI, which is open for a window too: the promise then stays as it is.
 */
export interface SignInWindows {
  open(request: {
    authorizationUrl: string
    redirectUri: string
    mode: NonNullable<RedirectRequest['mode']>
    title: string
    signal: AbortSignal
  }): Promise<URL>
}
