import type { Effects, LifecycleAction } from '../../shared/contract-records.ts'
import type { RevocationSupport } from '../oauth/revocation-support.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { AccountRecord, RegistrationRecord, Vault } from '../vault/ports.ts'
import type { ClientSettingsService } from './client-settings.ts'
import type { ConnectService } from './ports.ts'

/** What an action on an account or a registration will touch, before it is done. */
export interface EffectsService {
  ofAccount(account: AccountRecord, action: LifecycleAction): Promise<Effects>
  ofRegistration(registration: RegistrationRecord, action: LifecycleAction): Promise<Effects>
}

interface Parts {
  vault: Vault
  catalogue: Catalogue
  connect: Pick<ConnectService, 'underWay'>
  clientSettings: ClientSettingsService
  canRevoke: RevocationSupport
}

/** Nobody waits longer than this to be told what a button does. */
const patience = 4_000

export function createEffects(parts: Parts): EffectsService {
  const { vault } = parts

  /** Asked only where it matters: it may need the network. */
  async function provider(registrationId: string, action: LifecycleAction, tokens: number) {
    if (tokens === 0 || (action !== 'revoke' && action !== 'remove')) return 'no' as const
    const settings = await parts.clientSettings.forRegistration(registrationId)
    const can = await parts.canRevoke(settings, AbortSignal.timeout(patience))
    return can === null ? ('unknown' as const) : can ? ('yes' as const) : ('no' as const)
  }

  async function effects(
    registration: RegistrationRecord,
    whole: boolean,
    accounts: AccountRecord[],
    flows: number,
    action: LifecycleAction,
  ): Promise<Effects> {
    const listed = accounts.map(({ id, alias }) => ({ id, alias, has_tokens: vault.tokens.facts(id) !== null }))
    const tokens = listed.filter((it) => it.has_tokens).length
    const told = await provider(registration.id, action, tokens).catch(() => 'unknown' as const)
    const forgets = action === 'reset' || action === 'remove' || (action === 'revoke' && told !== 'no')
    const facts: Omit<Effects, 'sentences'> = {
      action,
      registration: whole ? { id: registration.id, name: registration.name } : null,
      accounts: listed,
      tokens_forgotten: forgets ? tokens : 0,
      sign_ins_cancelled: action === 'enable' ? 0 : flows,
      activity_entries: accounts.reduce((sum, { id }) => sum + vault.activity.count(id), 0),
      provider_told: told,
      undo: action === 'enable' || action === 'disable',
    }
    const name =
      parts.catalogue.list().find(({ id }) => id === registration.providerId)?.name ?? registration.providerId
    return { ...facts, sentences: sentences(facts, name, registration.hasClientSecret) }
  }

  return {
    async ofAccount(account, action) {
      const registration = vault.registrations.get(account.registrationId)
      if (registration === null) throw new Error('an account without its registration')
      return effects(registration, false, [account], parts.connect.underWay({ accountId: account.id }), action)
    },
    ofRegistration(registration, action) {
      const accounts = vault.accounts.byRegistration(registration.id)
      return effects(registration, true, accounts, parts.connect.underWay({ registrationId: registration.id }), action)
    },
  }
}

function sentences(facts: Omit<Effects, 'sentences'>, provider: string, hasSecret: boolean): string[] {
  const { action, accounts, registration, tokens_forgotten: forgotten, sign_ins_cancelled: flows } = facts
  const [first] = accounts
  const who =
    accounts.length === 1 && first ? first.alias : accounts.length === 0 ? 'no account' : `${accounts.length} accounts`
  const said: string[] = []
  if (action === 'enable') {
    said.push(
      registration
        ? `The registration “${registration.name}” can be used again, with ${who} as before. An account that was disabled itself stays so.`
        : `${who} can be used again, just as before.`,
    )
  }
  if (action === 'disable') {
    said.push(
      registration
        ? `Nothing of the registration “${registration.name}” can be used, and nobody can sign in with it. It concerns ${who}.`
        : `Nothing can use ${who}, and nobody can sign in to it again.`,
      'Tokens are kept. Enabling brings everything back as it was.',
    )
  }
  if (action === 'remove') {
    said.push(
      registration
        ? `The registration “${registration.name}” is removed${hasSecret ? ' with its client secret' : ''}, and with it ${who}.`
        : `${who} is removed with everything that is kept about it.`,
    )
  }
  if (forgotten > 0) said.push(`The tokens of ${who} are forgotten. The next use needs a sign-in.`)
  if (action === 'reset' && forgotten === 0) said.push('There are no tokens to forget.')
  if (action === 'reset') said.push(`Everything else is kept. ${provider} is not told.`)
  if (action === 'revoke' || (action === 'remove' && forgotten > 0)) said.push(told(facts, provider))
  if (flows > 0)
    said.push(flows === 1 ? 'One sign-in under way is cancelled.' : `${flows} sign-ins under way are cancelled.`)
  said.push('What happened stays in the activity.')
  if (action === 'remove') said.push('This cannot be undone.')
  if (action === 'reset' || action === 'revoke') said.push('The tokens cannot be brought back.')
  return said
}

function told({ action, provider_told: told, accounts }: Omit<Effects, 'sentences'>, provider: string): string {
  if (!accounts.some((it) => it.has_tokens)) return 'There is no grant to end.'
  if (told === 'yes') return `${provider} is told to end the grant.`
  if (told === 'unknown') {
    return action === 'revoke'
      ? `${provider} could not be asked whether it ends grants. If it does not, the tokens are kept.`
      : `${provider} is told to end the grant if it can be reached.`
  }
  return action === 'revoke'
    ? `${provider} has no way for programs to end a grant, so nothing will happen. Remove access on its own page.`
    : `${provider} cannot be told: remove access on its own page as well.`
}
