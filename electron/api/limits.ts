/** What one caller, or all of them together, may take of the local API. */
export interface ApiLimits {
  /** Bytes of a request body; of one that carries a request's own body. */
  body: number
  requestBody: number
  /** Bytes of all headers of a request. */
  headers: number
  /** Milliseconds for the headers, and for headers and body. */
  headersTimeout: number
  requestTimeout: number
  /** Requests that are being answered at the same time, event streams included: the owner's, and those of all others. */
  concurrency: number
  /** Of those, one app's. */
  concurrencyPerApp: number
  /** Of those, the ones that need no key, all together. */
  concurrencyWithoutKey: number
  /** Connections that are open at the same time, on each transport. */
  connections: number
  /** Event streams that one app may have open. */
  streamsPerApp: number
  /** Failed authentications in `failureWindow` milliseconds, on each transport. */
  failures: number
  failureWindow: number
}

export const defaultLimits: ApiLimits = {
  body: 1_000_000,
  requestBody: 25_000_000,
  headers: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  concurrency: 2048,
  concurrencyPerApp: 1024,
  concurrencyWithoutKey: 128,
  connections: 4096,
  streamsPerApp: 32,
  failures: 10,
  failureWindow: 60_000,
}
