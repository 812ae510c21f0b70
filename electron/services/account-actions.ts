import type { Activity, TokenInspection } from '../../shared/models.ts'
import type { OAuth } from '../oauth/ports.ts'
import type { Logger } from '../platform/ports.ts'
import type { AccountRecord, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { actorOf } from './actor.ts'
import type { ClientSettingsService } from './client-settings.ts'
import { checkAlias } from './connect-alias.ts'
import { inspectTokens } from './inspect.ts'
import type { AccountService, Caller, Events } from './ports.ts'
import { revokeIfPossible } from './revocation.ts'

export interface AccountActionParts {
  vault: Vault
  accounts: AccountService
  oauth: Pick<OAuth, 'revoke'>
  clientSettings: ClientSettingsService
  activity: Pick<ActivityLog, 'add'>
  events: Events
  logger: Logger
}

export interface AccountActions {
  inspect(account: AccountRecord): TokenInspection
  /** Throws `invalid_request` with field `alias` when it is taken. */
  rename(account: AccountRecord, alias: string, caller: Caller): AccountRecord
  /** Ends the grant at the provider as well as can be, without forgetting it here. */
  revoke(account: AccountRecord): Promise<boolean>
  /** Revokes, then deletes the account with its tokens, whatever the provider says. */
  remove(account: AccountRecord, caller: Caller): Promise<void>
}

/** What can be done with an account besides using it. */
export function createAccountActions(parts: AccountActionParts): AccountActions {
  const { vault, events } = parts

  function note(account: AccountRecord, kind: Activity['kind'], summary: string, caller: Caller, detail = {}): void {
    parts.activity.add({
      kind,
      account_id: account.id,
      provider_id: account.providerId,
      ...actorOf(caller),
      summary,
      detail,
    })
  }

  async function revoke(account: AccountRecord): Promise<boolean> {
    const tokens = vault.tokens.get(account.id)
    if (tokens === null) return false
    return revokeIfPossible(parts, () => parts.clientSettings.forAccount(account.id), tokens)
  }

  return {
    inspect: (account) => inspectTokens(account, vault.tokens.get(account.id)),

    rename(account, alias, caller) {
      const renamed = { ...account, alias: checkAlias(alias) }
      vault.accounts.save(renamed)
      note(account, 'renamed', `${account.alias} is now called ${renamed.alias}`, caller)
      events.emit({ type: 'account', account_id: account.id, state: parts.accounts.view(renamed).status.state })
      return renamed
    },

    revoke,

    async remove(account, caller) {
      const revoked = await revoke(account)
      vault.accounts.remove(account.id)
      note(account, 'removed', `${account.alias} was removed`, caller, { alias: account.alias, revoked })
      events.emit({ type: 'account', account_id: account.id, state: 'removed' })
    },
  }
}
