/** The outside world, as the layers above see it. The two entries choose who stands behind each. */

export interface Clock {
  /** Wall clock in milliseconds since 1970. */
  now(): number
}

/**
 * The one way out to a network for everything that is not a signed request: discovery, token endpoint, userinfo,
 * revocation. Limits time and size; never follows a redirect on its own unless `redirect: 'follow'` is passed.
 * Rejects with a `LatchkeyError` (`provider_unreachable`, `timeout`, `too_large`).
 */
export interface Network {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>
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
