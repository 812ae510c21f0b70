import { isDeepStrictEqual } from 'node:util'
import type { CheckedInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import type { AccountRecord, RegistrationRecord, Vault } from '../vault/ports.ts'
import { checkAccountEnabled, checkRegistrationEnabled } from './lifecycle-guard.ts'
import type { AccountService, PracticeService } from './ports.ts'

/** What a sign-in is for. `account`: the one that is reconnected, or null for a new one. */
export interface Target {
  definition: Definition
  registration: RegistrationRecord
  account: AccountRecord | null
}

export interface TargetParts {
  vault: Vault
  catalogue: Catalogue
  accounts: Pick<AccountService, 'resolve'>
  practice: Pick<PracticeService, 'ensureRunning'>
  clock: Clock
}

type Input = Pick<CheckedInput<'connect.start'>, 'provider' | 'registration' | 'account'>

/**
 * Throws locked, not_found, ambiguous_account, account_disabled, and invalid_request (`registration`) when none or several
 * would do.
 */
export async function findTarget(parts: TargetParts, input: Input): Promise<Target> {
  const target = await search(parts, input)
  if (target.account === null) checkRegistrationEnabled(target.registration)
  else checkAccountEnabled(parts.vault, target.account)
  return target
}

async function search(parts: TargetParts, input: Input): Promise<Target> {
  const { vault, catalogue } = parts
  if (input.account !== undefined) {
    const account = parts.accounts.resolve(input.account)
    return { ...(await ofRegistration(parts, account.registrationId)), account }
  }
  if (input.registration !== undefined) return ofRegistration(parts, input.registration)
  const definition = catalogue.get(input.provider ?? '')
  if (definition.client === 'built_in') {
    return { definition, registration: await builtInRegistration(parts, definition), account: null }
  }
  const all = vault.registrations.list().filter(({ providerId }) => providerId === definition.id)
  const enabled = all.filter((it) => it.enabled)
  const candidates = enabled.length > 0 ? enabled : all
  const [registration] = candidates
  if (registration && candidates.length === 1) return { definition, registration, account: null }
  throw chooseRegistration(definition, candidates)
}

async function ofRegistration(parts: TargetParts, id: string): Promise<Target> {
  const registration = parts.vault.registrations.get(id)
  if (!registration) {
    throw new LatchkeyError('not_found', `There is no registration “${id}”.`, { field: 'registration' })
  }
  const definition = parts.catalogue.get(registration.providerId)
  if (definition.client !== 'built_in') return { definition, registration, account: null }
  return { definition, registration: await builtInRegistration(parts, definition), account: null }
}

/**
 * The client that Latchkey brings itself. Its record is kept like any other, so that accounts refer to it; where its
 * provider listens today is written into it.
 */
async function builtInRegistration(
  { vault, practice, clock }: TargetParts,
  definition: Definition,
): Promise<RegistrationRecord> {
  const { issuer, apiBaseUrl, clientId } = await practice.ensureRunning()
  const stored = vault.registrations.list().find(({ providerId }) => providerId === definition.id)
  const today = { clientId, variables: { issuer, api_base_url: apiBaseUrl } }
  if (stored && isDeepStrictEqual({ clientId: stored.clientId, variables: stored.variables }, today)) return stored
  const now = clock.now()
  const record: RegistrationRecord = {
    id: randomId('reg'),
    providerId: definition.id,
    name: 'Practice provider',
    description: 'Comes with Latchkey.',
    clientAuthentication: definition.client_authentication[0] ?? 'none',
    scopes: definition.scopes.filter((scope) => scope.default).map(({ name }) => name),
    extraHosts: [],
    fallbackExpiry: null,
    hasClientSecret: false,
    enabled: true,
    options: {},
    createdAt: now,
    ...stored,
    ...today,
    updatedAt: now,
  }
  vault.registrations.save(record, undefined)
  return record
}

function chooseRegistration(definition: Definition, candidates: RegistrationRecord[]): LatchkeyError {
  if (candidates.length === 0) {
    return new LatchkeyError(
      'invalid_request',
      `Connecting ${definition.name} needs a registration: the client ID that ${definition.name} gives you.`,
      {
        field: 'registration',
        action: { text: `Create a registration for ${definition.name} on the Providers page, then connect again.` },
      },
    )
  }
  return new LatchkeyError('invalid_request', `There are several registrations for ${definition.name}. Name one.`, {
    field: 'registration',
    candidates: candidates.map(({ id, name }) => `${id} (${name})`),
  })
}
