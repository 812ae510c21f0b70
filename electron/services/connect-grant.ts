import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { AccountRecord, TokenSet, Vault } from '../vault/ports.ts'
import { deriveAlias, uniqueAlias } from './connect-alias.ts'
import type { Attempt, Granted } from './connect-attempt.ts'
import type { Verdict } from './connect-person.ts'
import { checkAccountEnabled } from './lifecycle-guard.ts'

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
  { tokens, identity, dpopKey }: Granted,
): Kept {
  const { target, scopes, grant } = attempt
  return vault.transaction(() => {
    // The account may have been renamed or removed since the sign-in began.
    const existing = verdict.kind === 'update' ? vault.accounts.get(verdict.account.id) : null
    // Its tokens are to come back exactly as they were.
    if (existing) checkAccountEnabled(vault, existing)
    const superseded = existing === null ? null : vault.tokens.get(existing.id)
    const account: AccountRecord = existing
      ? {
          ...existing,
          identity: identity ?? existing.identity,
          scopesRequested: scopes,
          grant,
          validation: null,
          trouble: null,
        }
      : {
          id: randomId('acc'),
          registrationId: target.registration.id,
          providerId: target.definition.id,
          alias: uniqueAlias(
            attempt.alias ?? defaultAlias(attempt, identity),
            (alias) => vault.accounts.byAlias(alias) !== null,
          ),
          identity,
          scopesRequested: scopes,
          grant,
          enabled: true,
          validation: null,
          trouble: null,
          createdAt: clock.now(),
          lastUsedAt: null,
          lastRefreshAt: null,
        }
    vault.accounts.save(account)
    vault.accounts.setCredentials(account.id, { ...attempt.credentials, ...(dpopKey ? { dpopKey } : {}) })
    vault.tokens.put(account.id, tokens)
    return { account, created: existing === null, superseded }
  })
}

/** Nobody recognises a client by its ID: what belongs to the client itself is called as the registration is. */
function defaultAlias({ grant, target }: Attempt, identity: Granted['identity']): string {
  const { definition, registration } = target
  if (grant !== 'client_credentials' || identity === null) return deriveAlias(definition.id, identity)
  return deriveAlias(definition.id, { ...identity, username: registration.name })
}
