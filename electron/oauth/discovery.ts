import type { CustomFetch } from 'openid-client'
import { routeKey } from '../platform/network-dispatchers.ts'
import type { Clock, Network, Route } from '../platform/ports.ts'
import { createExchange } from './exchange.ts'
import { isJsonObject } from './jwt.ts'

/** Long enough to spare the provider, short enough for a moved endpoint to be found the same day. */
const keepFor = 60 * 60_000

/** Gives the way out for the discovery of one caller; `signal` and `route` are that caller's. */
export type DiscoveryCache = (signal: AbortSignal, route?: Route) => CustomFetch

/**
 * Keeps metadata documents (OpenID Connect Discovery 1.0 4, RFC 8414 3) in memory for an hour, and asks once for any
 * number of callers. What is kept is the text of the answer: openid-client checks it anew each time, with the rules that
 * it has for some issuers. Only a good answer is kept.
 */
export function createDiscoveryCache(parts: { network: Network; clock: Clock }): DiscoveryCache {
  const { clock } = parts
  const kept = new Map<string, { body: string; until: number }>()
  const underWay = new Map<string, Promise<Response>>()

  async function load(
    key: string,
    url: string,
    options: Parameters<CustomFetch>[1],
    route: Route | undefined,
  ): Promise<Response> {
    // Shared by all who ask, so no caller's signal may end it; the network's own limits do.
    const { fetch } = createExchange({ ...parts, signal: new AbortController().signal, route })
    const response = await fetch(url, options)
    const body = await response.clone().text()
    if (response.status === 200 && isMetadata(body)) kept.set(key, { body, until: clock.now() + keepFor })
    return response
  }

  return (signal, route) => async (url, options) => {
    // Kept for each route: what another provider's proxy or CA vouched for says nothing about this one.
    const key = `${url} ${routeKey(route)}`
    const known = kept.get(key)
    if (known && clock.now() < known.until) return metadataResponse(known.body)
    let loading = underWay.get(key)
    if (!loading) {
      loading = load(key, url, options, route).finally(() => underWay.delete(key))
      underWay.set(key, loading)
    }
    return (await unlessAborted(loading, signal)).clone()
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function isMetadata(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body)
    return isJsonObject(value) && typeof value.issuer === 'string'
  } catch {
    return false
  }
}

function metadataResponse(body: string): Response {
  return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } })
}
