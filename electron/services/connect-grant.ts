import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { AccountRecord, TokenSet, Vault } from '../vault/ports.ts'
import { deriveAlias, uniqueAlias } from './connect-alias.ts'
import type { Attempt, Granted } from './connect-attempt.ts'
import type { Verdict } from './connect-person.ts'

export interface Kept {
  account: AccountRecord
  created: boolean
  /** The token set that this one took the place of. */
  superseded: TokenSet | null
}

/**
 * Writes the account and its token set in one transaction, so that neither is ever there without the other. A new
 * account gets the alias that was chosen, or one derived from who it is; an existing one keeps its own.
 */
export function keepGrant(
  { vault, clock }: { vault: Vault; clock: Clock },
  attempt: Attempt,
  verdict: Exclude<Verdict, { kind: 'ask' }>,
  { tokens, identity }: Granted,
): Kept {
  const { target, scopes } = attempt
  return vault.transaction(() => {
    // The account may have been renamed or removed since the sign-in began.
    const existing = verdict.kind === 'update' ? vault.accounts.get(verdict.account.id) : null
    const superseded = existing === null ? null : vault.tokens.get(existing.id)
    const account: AccountRecord = existing
      ? { ...existing, identity: identity ?? existing.identity, scopesRequested: scopes, trouble: null }
      : {
          id: randomId('acc'),
          registrationId: target.registration.id,
          providerId: target.definition.id,
          alias: uniqueAlias(
            attempt.alias ?? deriveAlias(target.definition.id, identity),
            (alias) => vault.accounts.byAlias(alias) !== null,
          ),
          identity,
          scopesRequested: scopes,
          trouble: null,
          createdAt: clock.now(),
          lastUsedAt: null,
          lastRefreshAt: null,
        }
    vault.accounts.save(account)
    vault.tokens.put(account.id, tokens)
    return { account, created: existing === null, superseded }
  })
}
