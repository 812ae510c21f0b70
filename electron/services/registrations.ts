import type { RegistrationInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Activity, Registration } from '../../shared/models.ts'
import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { RegistrationRecord, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { Caller, Events } from './ports.ts'
import { checkRegistration } from './registration-check.ts'
import { readCredentials } from './registration-keys.ts'

export interface RegistrationService {
  list(): Registration[]
  /** Throws not_found, locked. */
  get(id: string): RegistrationRecord
  view(record: RegistrationRecord): Registration
  /** Creates, or changes the one that `id` names. Throws `invalid_request` with the field, not_found, locked. */
  save(input: RegistrationInput, caller?: Caller): Promise<Registration>
  /** Another one just like it, secrets included, without accounts. */
  duplicate(id: string, name: string | undefined, caller?: Caller): Registration
  /** Removes it with its accounts and their tokens. Throws not_found, locked. */
  remove(id: string, caller?: Caller): void
  /** Puts on record what was done to one, and announces it. */
  note(record: RegistrationRecord, what: string, detail: Activity['detail'], caller?: Caller): void
}

interface Parts {
  vault: Vault
  catalogue: Catalogue
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
}

/** The clients that the person registered at providers: entered, changed and removed, each change on record. */
export function createRegistrationService(parts: Parts): RegistrationService {
  const { vault, catalogue, clock, events } = parts

  function view(record: RegistrationRecord): Registration {
    const { privateKey, certificate } = vault.registrations.hasCredentials(record.id)
    return {
      id: record.id,
      provider_id: record.providerId,
      name: record.name,
      description: record.description,
      client_id: record.clientId,
      has_client_secret: record.hasClientSecret,
      has_private_key: privateKey,
      has_certificate: certificate,
      enabled: record.enabled,
      options: { ...record.options },
      client_authentication: record.clientAuthentication,
      scopes: record.scopes,
      variables: record.variables,
      extra_hosts: record.extraHosts,
      fallback_expiry: record.fallbackExpiry,
      accounts: vault.accounts.byRegistration(record.id).length,
      created_at: new Date(record.createdAt).toISOString(),
      updated_at: new Date(record.updatedAt).toISOString(),
    }
  }

  function get(id: string): RegistrationRecord {
    const record = vault.registrations.get(id)
    if (record) return record
    throw new LatchkeyError('not_found', 'There is no such registration.', { field: 'id' })
  }

  function note(record: RegistrationRecord, what: string, detail: Activity['detail'], caller?: Caller): void {
    parts.activity.add({
      kind: 'registration',
      account_id: null,
      provider_id: record.providerId,
      actor: caller?.kind ?? 'latchkey',
      summary: `Registration “${record.name}” was ${what}`,
      detail: { registration: record.id, ...detail },
    })
    events.emit({ type: 'registration', registration_id: record.id })
  }

  return {
    get,
    view,
    note,
    list: () => vault.registrations.list().map(view),

    async save(input, caller) {
      const before = input.id === undefined ? {} : vault.registrations.credentials(input.id)
      const credentials = await readCredentials(input, before)
      // Read again: reading a key takes a while, and it may have been changed or removed meanwhile.
      const stored = input.id === undefined ? null : get(input.id)
      const secret = input.client_secret === undefined ? undefined : input.client_secret.trim() || null
      const { privateKey, certificate } = credentials ?? before
      const fields = checkRegistration(input, stored, catalogue, {
        clientSecret: secret === undefined ? stored?.hasClientSecret === true : secret !== null,
        privateKey: privateKey !== undefined,
        certificate: certificate !== undefined,
      })
      const now = clock.now()
      const record = {
        ...fields,
        id: stored?.id ?? randomId('reg'),
        enabled: stored?.enabled ?? true,
        ...(stored?.disabledAt === undefined ? {} : { disabledAt: stored.disabledAt }),
        createdAt: stored?.createdAt ?? now,
        updatedAt: now,
      }
      vault.transaction(() => {
        vault.registrations.save(record, secret)
        if (credentials !== undefined) vault.registrations.setCredentials(record.id, credentials)
      })
      const saved = get(record.id)
      if (stored === null) note(saved, 'created', {}, caller)
      else {
        const changed = changes(stored, saved, secret)
        if (credentials !== undefined) changed.push('private_key or certificate')
        note(saved, 'changed', { changed: changed.join(', ') || 'nothing' }, caller)
      }
      return view(saved)
    },

    duplicate(id, name, caller) {
      const { hasClientSecret, disabledAt: _, ...original } = get(id)
      if (catalogue.get(original.providerId).client === 'built_in') {
        throw new LatchkeyError('invalid_request', 'Latchkey brings this client itself: one of it is enough.', {
          field: 'id',
        })
      }
      const now = clock.now()
      const copy = {
        ...original,
        id: randomId('reg'),
        name: name ?? `${original.name} (copy)`.slice(-200),
        enabled: true,
        createdAt: now,
        updatedAt: now,
      }
      vault.transaction(() => {
        vault.registrations.save(copy, hasClientSecret ? vault.registrations.clientSecret(id) : null)
        vault.registrations.setCredentials(copy.id, vault.registrations.credentials(id))
      })
      note(get(copy.id), 'created', { copy_of: id }, caller)
      return view(get(copy.id))
    },

    remove(id, caller) {
      const record = get(id)
      const accounts = vault.accounts.byRegistration(id)
      vault.registrations.remove(id)
      note(record, 'removed', { accounts: accounts.length }, caller)
      for (const account of accounts) events.emit({ type: 'account', account_id: account.id, state: 'removed' })
    },
  }
}

const wireNames = {
  name: 'name',
  description: 'description',
  clientId: 'client_id',
  clientAuthentication: 'client_authentication',
  scopes: 'scopes',
  variables: 'variables',
  extraHosts: 'extra_hosts',
  fallbackExpiry: 'fallback_expiry',
  options: 'options',
} as const satisfies Partial<Record<keyof RegistrationRecord, string>>

/** The names of the fields that a change touched. Of a secret only that it did. */
function changes(before: RegistrationRecord, after: RegistrationRecord, secret: string | null | undefined): string[] {
  const changed: string[] = Object.entries(wireNames)
    .filter(([field]) => {
      const key = field as keyof typeof wireNames
      return JSON.stringify(before[key]) !== JSON.stringify(after[key])
    })
    .map(([, wireName]) => wireName)
  if (secret !== undefined && (secret !== null || before.hasClientSecret)) changed.push('client_secret')
  return changed
}
