import type { QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { LatchkeyEvent } from '../../shared/models.ts'
import { connection } from '../client.ts'
import { keys } from './queries.ts'

/** What an event makes stale. */
export function touchedBy(event: LatchkeyEvent): (readonly string[])[] {
  switch (event.type) {
    case 'account':
      return [keys.accounts, keys.account(event.account_id)]
    case 'flow':
      return [keys.flow(event.flow_id)]
    case 'registration':
      return [keys.registrations, keys.accounts]
    case 'activity':
      return [keys.activity]
    case 'provider':
      return [keys.providers, keys.provider(event.provider_id)]
    case 'app':
      return [keys.apps]
    case 'ask':
      // An answer makes an app, or changes one.
      return event.state === 'approved' ? [keys.asks, keys.apps] : [keys.asks]
    case 'webhook':
      return [keys.webhooks]
    case 'vault':
      return [keys.vault, keys.protection]
  }
}

/** Collects the events of one breath, so that a thousand refreshed accounts ask for the list once. */
export function createInvalidator(client: Pick<QueryClient, 'invalidateQueries'>, pause: number) {
  const waiting = new Map<string, readonly string[]>()
  let timer: ReturnType<typeof setTimeout> | null = null
  function flush() {
    timer = null
    const all = [...waiting.values()]
    waiting.clear()
    for (const queryKey of all) void client.invalidateQueries({ queryKey })
  }
  return (event: LatchkeyEvent) => {
    for (const key of touchedBy(event)) waiting.set(JSON.stringify(key), key)
    if (timer === null) timer = setTimeout(flush, pause)
  }
}

/** Keeps what is on screen true. `on`: whether the host has let this page in. */
export function useEvents(on: boolean): void {
  const client = useQueryClient()
  useEffect(() => {
    if (!on) return
    const invalidate = createInvalidator(client, 40)
    const stop = [
      connection().onEvent(invalidate),
      // Whatever happened while the host was away is unknown.
      connection().onState((reachable) => reachable && void client.invalidateQueries()),
    ]
    return () => {
      for (const end of stop) end()
    }
  }, [client, on])
}

let reachable = true

export function useReachable(): boolean {
  return useSyncExternalStore(
    (listener) =>
      connection().onState((now) => {
        reachable = now
        listener()
      }),
    () => reachable,
  )
}
