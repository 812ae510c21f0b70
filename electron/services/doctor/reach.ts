import { LatchkeyError } from '../../../shared/errors.ts'
import type { ClientSettings } from '../../oauth/ports.ts'
import type { Clock, Network } from '../../platform/ports.ts'
import type { Catalogue } from '../../providers/definition.ts'
import { fillOptionalTemplate } from '../../providers/template.ts'
import type { Vault } from '../../vault/ports.ts'
import type { ClientSettingsService } from '../client-settings.ts'

/** What came of asking one provider for nothing in particular. */
export interface Reached {
  provider: string
  host: string
  /** Milliseconds until the answer; null: there was none. */
  took: number | null
  /** Milliseconds that the provider's clock is ahead of this one; null: it did not say. */
  skew: number | null
  /** Why there was no answer, in words. */
  failure: string | null
}

export interface ReachParts {
  vault: Pick<Vault, 'accounts' | 'status'>
  catalogue: Pick<Catalogue, 'get'>
  clientSettings: Pick<ClientSettingsService, 'forRegistration'>
  network: Network
  clock: Clock
}

/** Milliseconds. */
const patience = 8_000

/**
 * Asks every provider that has an account, at the host where tokens come from: a HEAD of its root, with nothing in it that
 * is anybody's. null: the vault is locked.
 */
export async function reachProviders(parts: ReachParts, signal: AbortSignal): Promise<Reached[] | null> {
  if (parts.vault.status().state !== 'unlocked') return null
  const registrations = new Map<string, string>()
  for (const { providerId, registrationId } of parts.vault.accounts.list())
    registrations.set(providerId, registrationId)
  const asked = [...registrations].map(([provider, registration]) => reach(parts, provider, registration, signal))
  return (await Promise.all(asked)).filter((it) => it !== null)
}

async function reach(
  { catalogue, clientSettings, network, clock }: ReachParts,
  providerId: string,
  registrationId: string,
  signal: AbortSignal,
): Promise<Reached | null> {
  let name = providerId
  let host = ''
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const failed = (failure: string): Reached => ({ provider: name, host, took: null, skew: null, failure })
  try {
    const definition = catalogue.get(providerId)
    name = definition.name
    // It is a part of Latchkey, and being asked would start it.
    if (definition.client === 'built_in') return null
    const settings = await clientSettings.forRegistration(registrationId)
    const root = rootOf(settings)
    if (root === null) return failed('Its definition does not say where it is.')
    host = root.host
    const sent = clock.now()
    const answer = await network.fetch(root, { method: 'HEAD', signal: limit }, settings.route)
    const now = clock.now()
    const date = Date.parse(answer.headers.get('date') ?? '')
    // Compared with the middle: half of the time went by on the way back. The header leaves out parts of a second.
    const skew = Number.isNaN(date) ? null : date + 500 - (sent + now) / 2
    return { provider: name, host, took: now - sent, skew, failure: null }
  } catch (error) {
    if (limit.aborted) return failed(`${host} did not answer within ${patience / 1000} s.`)
    if (error instanceof LatchkeyError) return failed(error.message)
    throw error
  }
}

function rootOf({ definition, variables }: ClientSettings): URL | null {
  const { endpoints, issuer, name, api } = definition
  for (const template of [endpoints?.token, issuer, api.base_url]) {
    const url = fillOptionalTemplate(template, variables, `address of ${name}`)
    if (url !== null && URL.canParse(url)) return new URL('/', url)
  }
  return null
}
