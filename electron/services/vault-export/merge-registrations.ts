import { isDeepStrictEqual } from 'node:util'
import { LatchkeyError } from '../../../shared/errors.ts'
import { randomId } from '../../platform/ids.ts'
import type { RegistrationCredentials, RegistrationRecord, Vault } from '../../vault/ports.ts'
import { checkRegistration } from '../registration-check.ts'
import type { Contents, ExportedRegistration } from './contents.ts'
import type { ProviderMerge } from './merge-providers.ts'

export interface NewRegistration {
  record: Omit<RegistrationRecord, 'hasClientSecret'>
  clientSecret: string | null
  credentials: RegistrationCredentials
}

/** Where the accounts of a registration in the file belong here. */
export interface PlacedRegistration {
  id: string
  providerId: string
  variables: Record<string, string>
  note: string | null
  leftOut?: never
}
export type RegistrationVerdict = PlacedRegistration | { leftOut: string }

export interface RegistrationMerge {
  verdict(idInFile: string): RegistrationVerdict
  providerOf(idInFile: string): string
  readonly added: readonly NewRegistration[]
}

/**
 * Found again by its id, else by provider and client; one that is here stays as it is. A client is the same only with the
 * same variables: they are a part of the address that tokens and secrets are sent to.
 */
export function mergeRegistrations(
  vault: Pick<Vault, 'registrations'>,
  registrations: Contents['registrations'],
  providers: ProviderMerge,
): RegistrationMerge {
  const here: Omit<RegistrationRecord, 'hasClientSecret'>[] = vault.registrations.list()
  const ids = new Set(here.map(({ id }) => id))
  const verdicts = new Map<string, RegistrationVerdict>()
  const added: NewRegistration[] = []

  function judge(given: ExportedRegistration): RegistrationVerdict {
    const provider = providers.verdict(given.provider_id)
    if (provider.leftOut !== undefined) return { leftOut: provider.leftOut }
    const checked = check(given, providers)
    if (typeof checked === 'string') return { leftOut: checked }
    const { variables, providerId } = checked.record
    const same = here.filter(
      (it) =>
        it.providerId === providerId && it.clientId === given.client_id && isDeepStrictEqual(it.variables, variables),
    )
    const found = same.find(({ id }) => id === given.id) ?? same[0]
    if (found) return { id: found.id, providerId, variables, note: provider.note }
    const id = ids.has(given.id) ? randomId('reg') : given.id
    const registration = { ...checked, record: { ...checked.record, id } }
    ids.add(id)
    added.push(registration)
    here.push(registration.record)
    return { id, providerId, variables, note: provider.note }
  }

  for (const given of registrations) if (!verdicts.has(given.id)) verdicts.set(given.id, judge(given))
  return {
    added,
    providerOf: (id) => registrations.find((it) => it.id === id)?.provider_id ?? '',
    verdict: (id) => verdicts.get(id) ?? { leftOut: 'Its registration is not in the file.' },
  }
}

/** As it would be stored, or why it cannot be. */
function check(given: ExportedRegistration, providers: ProviderMerge): NewRegistration | string {
  const { id, client_secret: clientSecret, disabled_at, created_at, updated_at, ...rest } = given
  const { private_key: privateKey, certificate, ...input } = rest
  try {
    const lookup = { list: () => [...providers.all] }
    // Secrets may be missing, as they may have been missing there: they are asked for when it is used.
    const fields = checkRegistration(
      { ...input, ...(clientSecret ? { client_secret: clientSecret } : {}) },
      null,
      lookup,
      null,
    )
    return {
      record: {
        ...fields,
        id,
        enabled: disabled_at === null,
        ...(disabled_at === null ? {} : { disabledAt: disabled_at }),
        createdAt: created_at,
        updatedAt: updated_at,
      },
      clientSecret,
      credentials: {
        ...(privateKey === undefined ? {} : { privateKey }),
        ...(certificate === undefined ? {} : { certificate }),
      },
    }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error
    return `The registration “${given.name}” does not fit the provider here. ${error.message}`
  }
}
