import { createHash } from 'node:crypto'
import type { lookup as systemLookup } from 'node:dns'
import { Agent, type Dispatcher } from 'undici'
import type { Reach } from './addresses.ts'
import { guardedLookup } from './network-lookup.ts'
import { isLoopbackHost } from './network-route.ts'
import type { Route } from './ports.ts'
import { proxyDispatcher, systemProxyDispatcher } from './proxy.ts'
import { tlsOptions } from './tls.ts'

/** Connections are kept apart by route: one made for a private provider, or with its certificate, serves no other. */
export interface Dispatchers {
  /**
   * @param reach What the host's name may lead to, judged while connecting; null: anywhere. Where a proxy looks the name
   * up, nothing of it can be judged here.
   */
  for(url: URL, reach: ReadonlySet<Reach> | null, route?: Route): Dispatcher
  /** Lets go of every connection once what is under way has ended: they hold passwords and keys of routes. */
  forget(): void
  /** Ends every connection. What is asked for afterwards gets new ones. */
  close(): Promise<void>
}

export interface DispatcherOptions {
  /** The error for a name that leads where it may not. */
  forbidden: (hostname: string, address: string) => Error
  /** Milliseconds for a connection without a proxy. */
  connectTimeout: number
  /** Connections to one origin; the rest wait their turn. */
  connections: number
  /** Name resolution, replaced in tests alone. */
  resolve?: typeof systemLookup
  env?: NodeJS.ProcessEnv
}

/** More routes than a person has providers; beyond it the one that was made first is closed. */
const maxKept = 64

/** Routes are shared by many requests (services/client-settings.ts) and never changed. Goes with the route. */
const routeKeys = new WeakMap<Route, string>()

/** Tells routes apart without holding what is secret in them. */
export function routeKey(route: Route | undefined): string {
  if (route === undefined) return 'system'
  const known = routeKeys.get(route) ?? digestOf(route)
  routeKeys.set(route, known)
  return known
}

function digestOf(route: Route): string {
  const { proxy, caBundle, certificate, privateKey, privateNetwork, loopback, allow } = route
  const parts = [proxy === undefined ? 'system' : proxy, caBundle, certificate, privateKey, privateNetwork]
  return createHash('sha256')
    .update(JSON.stringify([...parts, loopback === true, allow]))
    .digest('base64url')
}

/** Takes no more requests, and ends when those that are under way have been answered. */
function retire(dispatcher: Dispatcher): void {
  // Only a dispatcher that has been closed already refuses.
  dispatcher.close().catch(() => undefined)
}

export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const { forbidden, connectTimeout, connections, resolve, env = process.env } = options
  const kept = new Map<string, Dispatcher>()

  function create(url: URL, reach: ReadonlySet<Reach> | null, route: Route | undefined): Dispatcher {
    if (route?.proxy) return proxyDispatcher({ ...route, proxy: route.proxy }, connections)
    const direct = {
      ...tlsOptions(route ?? {}),
      timeout: connectTimeout,
      ...(reach === null ? {} : { lookup: guardedLookup(reach, forbidden, resolve) }),
    }
    // What listens on this machine is not reachable through another one.
    const system =
      route?.proxy === null || isLoopbackHost(url) ? null : systemProxyDispatcher(route ?? {}, direct, connections, env)
    return system ?? new Agent({ connect: direct, headersTimeout: 0, bodyTimeout: 0, connections })
  }

  return {
    for(url, reach, route) {
      const key = `${routeKey(route)} ${reach === null ? '*' : [...reach].sort()} ${isLoopbackHost(url)}`
      const known = kept.get(key)
      if (known !== undefined) return known
      const made = create(url, reach, route)
      kept.set(key, made)
      const oldest = kept.size > maxKept ? kept.entries().next().value : undefined
      if (oldest !== undefined) {
        kept.delete(oldest[0])
        retire(oldest[1])
      }
      return made
    },
    forget() {
      for (const dispatcher of kept.values()) retire(dispatcher)
      kept.clear()
    },
    async close() {
      const all = [...kept.values()]
      kept.clear()
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()))
    },
  }
}
