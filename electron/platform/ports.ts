/** The outside world, as the layers above see it. The two entries choose who stands behind each. */

export interface Clock {
  /** Wall clock in milliseconds since 1970. */
  now(): number
}

/**
 * How the requests of one provider travel (E8), and where its endpoints may be (E7). Holds secrets: memory only.
 * There is nothing here that switches the checking of certificates off.
 */
export interface Route {
  /**
   * `http:`, `https:` or `socks5:` URL without credentials. Absent: the system's (HTTPS_PROXY, HTTP_PROXY, NO_PROXY).
   * null: none, whatever the system says.
   */
  proxy?: { url: string; username?: string; password?: string } | null
  /** PEM, one or more certificates: trusted beside the authorities that the system trusts. */
  caBundle?: string
  /** PEM, for a server that asks the client for a certificate (RFC 8705). Both or neither. */
  certificate?: string
  privateKey?: string
  /** The provider is inside a private network: its names may lead to private addresses. */
  privateNetwork: boolean
  /** The provider is on this machine: `localhost`, `127.0.0.1` and `[::1]` may be asked. */
  loopback?: boolean
  /** Hosts that endpoints may be at: `host`, `host:port`, `*.host`. null: any. */
  allow: readonly string[] | null
}

/**
 * The one way out to a network for everything that is not a signed request: discovery, token endpoint, userinfo,
 * revocation. Limits time and size; never follows a redirect on its own unless `redirect: 'follow'` is passed.
 * Rejects with a `LatchkeyError` (`provider_unreachable`, `timeout`, `too_large`, `destination_not_allowed`).
 */
export interface Network {
  /** @param route Without one: the system's proxy, and no question where the address leads. */
  fetch(url: string | URL, init?: RequestInit, route?: Route): Promise<Response>
}

/** One line of the log. `data` is flat; anything that looks like a secret is masked before it is written. */
export interface Logger {
  debug(message: string, data?: LogData): void
  info(message: string, data?: LogData): void
  warn(message: string, data?: LogData): void
  error(message: string, data?: LogData): void
}
export type LogData = Record<string, unknown>

/** Opens a page in the person's own browser. Rejects with `internal` when the machine has none. */
export interface Browser {
  open(url: string): Promise<void>
}

/** How the services tell the page, the event stream and each other what happened. */
export interface EventBus<E> {
  emit(event: E): void
  /** Returns the way to stop listening. */
  on(listener: (event: E) => void): () => void
}
