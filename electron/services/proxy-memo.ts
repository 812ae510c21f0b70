import type { Dispatcher } from 'undici'
import type { LatchkeyEvent } from '../../shared/models.ts'
import type { Reach } from '../platform/addresses.ts'
import type { Clock, EventBus } from '../platform/ports.ts'
import { checkDestination } from '../signer/policy.ts'
import type { Connections } from '../signer/resolve.ts'
import type { AccountRecord } from '../vault/ports.ts'
import { headerOf, queryParameterOf } from './credentials.ts'
import type { Destination, Destinations } from './destinations.ts'
import { type BaseUrl, baseOf } from './proxy-target.ts'

/** An account's destination as the proxy needs it for every request. Holds secrets: memory only. */
export interface Known extends Destination {
  base: BaseUrl | null
  header: { name: string; prefix: string }
  /** Its access token goes into the header as it is. Otherwise `credentials.ts` has to be asked. */
  plain: boolean
  /** By origin, what `checkDestination` said and the connections that follow from it. */
  ways: Map<string, Way>
}

export interface Way {
  origin: string
  reach: ReadonlySet<Reach>
  dispatcher: Dispatcher
}

export interface DestinationMemo {
  /** null: it has to be found. */
  current(account: AccountRecord): Known | null
  /** As `Destinations.of`. */
  find(account: AccountRecord): Promise<Known>
  /** Throws `destination_not_allowed`. */
  way(known: Known, url: URL): Way
  forget(): void
  close(): void
}

/** What no event tells of is seen after so many milliseconds at the latest. */
const longest = 2_000
/** A wildcard host has any number of names. */
const mostWays = 100

/**
 * Remembers the destinations of accounts, because finding one opens sealed columns and reads a dozen rows. Whatever changes
 * one (registration, provider, network route, account, vault) is announced on the event bus, and then it is found anew.
 */
export function createDestinationMemo(parts: {
  destinations: Destinations
  connections: Connections
  events: EventBus<LatchkeyEvent>
  clock: Clock
}): DestinationMemo {
  const { destinations, connections, clock } = parts
  const memo = new Map<string, { known: Known; registrationId: string; at: number }>()
  let epoch = 0

  const forget = () => {
    epoch += 1
    memo.clear()
  }
  const stopListening = parts.events.on((event) => {
    if (event.type === 'registration' || event.type === 'provider' || event.type === 'vault') forget()
    else if (event.type === 'account') {
      epoch += 1
      memo.delete(event.account_id)
    }
  })

  return {
    current(account) {
      const found = memo.get(account.id)
      if (found === undefined || found.registrationId !== account.registrationId) return null
      const age = clock.now() - found.at
      return age >= 0 && age < longest ? found.known : null
    },
    async find(account) {
      const before = epoch
      const destination = await destinations.of(account)
      const { settings, baseUrl } = destination
      const header = headerOf(settings)
      const known: Known = {
        ...destination,
        base: baseUrl === null ? null : baseOf(baseUrl),
        header: { ...header },
        plain: settings.options?.bearer !== 'id_token' && queryParameterOf(settings) === null,
        ways: new Map(),
      }
      if (before === epoch) memo.set(account.id, { known, registrationId: account.registrationId, at: clock.now() })
      return known
    },
    way(known, url) {
      const { origin } = url
      // The policy judges scheme, host and port, and that there is no user name: an origin has none.
      const kept = url.username === '' && url.password === '' ? known.ways.get(origin) : undefined
      if (kept !== undefined && !isClosed(kept.dispatcher)) return kept
      const reach = checkDestination(known.policy, url)
      const way = { origin, reach, dispatcher: connections.for(url, reach, known.settings.route) }
      if (known.ways.size >= mostWays) known.ways.clear()
      known.ways.set(origin, way)
      return way
    },
    forget,
    close() {
      stopListening()
      forget()
    },
  }
}

/** Connections are let go of when there are many routes; undici's dispatchers know it of themselves. */
function isClosed(dispatcher: Dispatcher): boolean {
  const { closed, destroyed } = dispatcher as { closed?: boolean; destroyed?: boolean }
  return closed === true || destroyed === true
}
