import { LatchkeyError } from '../../shared/errors.ts'
import type { AccountRecord, TokenSet } from '../vault/ports.ts'
import { renewsByItself, type SubjectToken } from './grants.ts'
import { checkAccountEnabled, whyDisabled } from './lifecycle-guard.ts'
import type { TokenService } from './ports.ts'
import { noSuchAccount, providerTrouble, reauthRequired, tooLongLived } from './tokens-errors.ts'
import { asksTooMuch, type Demand, type Need, refreshNeed, waitLeft } from './tokens-need.ts'
import { createRefresher, type TokenParts } from './tokens-refresh.ts'

type Fresh = Awaited<ReturnType<TokenService['fresh']>>

/** Access tokens, kept fresh. See `TokenService` for what it promises. */
export function createTokenService(parts: TokenParts): TokenService {
  const { vault, clock } = parts
  const refresher = createRefresher(parts, subjectTokenOf)

  /** The token set of an account that may be used, else null. Every request asks this. */
  const ready = vault.remember((accountId) => {
    const account = vault.accounts.get(accountId)
    if (!account || whyDisabled(account, vault.registrations.get(account.registrationId)) !== null) return null
    return vault.tokens.get(accountId)
  })

  function known(accountId: string) {
    const account = vault.accounts.get(accountId)
    if (!account) throw noSuchAccount(accountId)
    return account
  }

  function usable(accountId: string) {
    const account = known(accountId)
    checkAccountEnabled(vault, account)
    return account
  }

  function stored(accountId: string): TokenSet {
    const tokens = vault.tokens.get(accountId)
    if (tokens) return tokens
    const account = known(accountId)
    throw reauthRequired(account, account.trouble?.reason ?? 'Nobody has signed in yet.')
  }

  /** The same without memory: throws what is wrong with the account. */
  function whyNot(accountId: string): TokenSet {
    usable(accountId)
    return stored(accountId)
  }

  async function renew(
    accountId: string,
    tokens: TokenSet,
    demand: Demand,
    need: Exclude<Need, 'none'>,
  ): Promise<Fresh> {
    const account = known(accountId)
    if (tokens.refreshToken === null && !renewsByItself(account.grant)) {
      if (need === 'should') return { tokens, refreshed: false }
      if (need === 'rejected') giveUp(accountId, tokens, noRefreshToken[need])
      throw reauthRequired(account, noRefreshToken[need])
    }
    const { minValidity } = demand
    if (need === 'min_validity' && minValidity && asksTooMuch(tokens, minValidity, clock.now())) {
      throw tooLongLived(account, lifetime(tokens))
    }
    if (!demand.force) {
      const { trouble } = account
      const wait = waitLeft(trouble, clock.now())
      const given = trouble?.kind === 'reauth_required' || wait > 0
      if (trouble && given) {
        if (need === 'should') return { tokens, refreshed: false }
        throw trouble.kind === 'reauth_required'
          ? reauthRequired(account, trouble.reason)
          : providerTrouble('provider_unreachable', account, trouble.reason, wait)
      }
    }
    const renewed = await refresher.refresh(accountId)
    // Disabled while it was under way: the new token set is kept, but nobody gets it.
    usable(accountId)
    if (minValidity && renewed.expiresAt !== null && renewed.expiresAt - clock.now() < minValidity * 1000) {
      throw tooLongLived(account, lifetime(renewed))
    }
    return { tokens: renewed, refreshed: true }
  }

  /** What a token exchange starts from: the other account's token, as fresh as can be. */
  function subjectTokenOf(account: AccountRecord): SubjectToken {
    return async (subjectId) => {
      try {
        const { tokens } = await service.fresh(subjectId)
        return { accessToken: tokens.accessToken, identity: known(subjectId).identity }
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error
        if (error.code === 'not_found')
          throw reauthRequired(account, 'The account whose token it was made from is gone.')
        throw new LatchkeyError(
          error.code,
          `${account.alias} is made from the token of another account. ${error.message}`,
          error.details,
          error,
        )
      }
    }
  }

  /** The access token was refused and cannot be replaced: it counts as over, whatever its expiry said. */
  function giveUp(accountId: string, tokens: TokenSet, reason: string): void {
    const now = clock.now()
    vault.transaction(() => {
      vault.tokens.setExpiry(accountId, now, tokens.expirySource)
      vault.accounts.setTrouble(accountId, { kind: 'reauth_required', reason, since: now, retryAt: null, failures: 0 })
    })
    refresher.announce(accountId)
  }

  const service: TokenService = {
    async fresh(accountId, options = {}) {
      const tokens = ready(accountId) ?? whyNot(accountId)
      const { minValidity, force, rejected } = options
      const demand: Demand = { minValidity, force, rejected: rejected === tokens.accessToken }
      const need = refreshNeed(tokens, demand, clock.now())
      if (need === 'none') return { tokens, refreshed: false }
      try {
        return await renew(accountId, tokens, demand, need)
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error
        // A token that is still good is better than an error, whatever became of the refresh.
        if (need === 'should' && stillGood.has(error.code) && (tokens.expiresAt ?? 0) > clock.now()) {
          return { tokens, refreshed: false }
        }
        // Refused by the API, and the grant has ended too: it is not handed out again for what is left of its time.
        const renewable = tokens.refreshToken !== null || renewsByItself(known(accountId).grant)
        if (need === 'rejected' && error.code === 'reauth_required' && renewable) {
          vault.tokens.setExpiry(accountId, clock.now(), tokens.expirySource)
        }
        throw error
      }
    },

    expire(accountId) {
      const account = usable(accountId)
      stored(accountId)
      vault.tokens.setExpiry(accountId, clock.now(), 'tester')
      refresher.note(account, 'expired', `The token of ${account.alias} counts as expired from now on.`)
      refresher.announce(accountId)
    },

    async reset(accountId) {
      const account = known(accountId)
      await refresher.settled(accountId)
      const reason = 'Its tokens were forgotten when the account was reset.'
      vault.transaction(() => {
        vault.tokens.remove(accountId)
        vault.accounts.setTrouble(accountId, {
          kind: 'reauth_required',
          reason,
          since: clock.now(),
          retryAt: null,
          failures: 0,
        })
      })
      refresher.note(account, 'reset', `The tokens of ${account.alias} were forgotten.`)
      refresher.announce(accountId)
    },

    hold: (accountId) => refresher.hold(accountId),
    recover: () => refresher.recover(),
  }
  return service
}

const stillGood = new Set(['provider_unreachable', 'provider_error', 'reauth_required', 'timeout'])

const noRefreshToken: Record<Exclude<Need, 'none' | 'should'>, string> = {
  rejected: 'The API refused the access token, and there is no refresh token.',
  expired: 'The access token has expired, and there is no refresh token.',
  forced: 'There is no refresh token.',
  min_validity: 'The access token does not live as long as asked for, and there is no refresh token.',
}

function lifetime(tokens: TokenSet): number {
  return tokens.expiresAt === null ? 0 : Math.round((tokens.expiresAt - tokens.obtainedAt) / 1000)
}
