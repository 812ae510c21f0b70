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

export interface RegistrationService {
  list(): Registration[]
  /** Creates, or changes the one that `id` names. Throws `invalid_request` with the field, not_found, locked. */
  save(input: RegistrationInput, caller?: Caller): Registration
  /** Removes it with its accounts and their tokens. Throws not_found, locked. */
  remove(id: string, caller?: Caller): void
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
    return {
      id: record.id,
      provider_id: record.providerId,
      name: record.name,
      description: record.description,
      client_id: record.clientId,
      has_client_secret: record.hasClientSecret,
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
    list: () => vault.registrations.list().map(view),

    save(input, caller) {
      const stored = input.id === undefined ? null : get(input.id)
      const fields = checkRegistration(input, stored, catalogue)
      const now = clock.now()
      const record = {
        ...fields,
        id: stored?.id ?? randomId('reg'),
        createdAt: stored?.createdAt ?? now,
        updatedAt: now,
      }
      const secret = input.client_secret === undefined ? undefined : input.client_secret.trim() || null
      vault.registrations.save(record, secret)
      const saved = get(record.id)
      if (stored === null) note(saved, 'created', {}, caller)
      else note(saved, 'changed', { changed: changes(stored, saved, secret).join(', ') || 'nothing' }, caller)
      return view(saved)
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
