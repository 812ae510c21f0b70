import type { LatchkeyError } from '../../shared/errors.ts'
import type { Activity } from '../../shared/models.ts'
import { answerLost } from '../oauth/failure.ts'
import { type ClientSettings, type OAuth, RefreshError } from '../oauth/ports.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { createDeferred } from '../redirects/deferred.ts'
import type { AccountRecord, TokenSet, Vault } from '../vault/ports.ts'
import { accountStatus } from './account-state.ts'
import { grantRequest, renewsByItself, type SubjectToken } from './grants.ts'
import type { Events } from './ports.ts'
import type { ActivityEntry } from './ports-apps.ts'
import { revokeIfPossible } from './revocation.ts'
import { noSuchAccount, providerTrouble, reauthRequired } from './tokens-errors.ts'
import { backoff } from './tokens-need.ts'

export interface TokenParts {
  vault: Vault
  oauth: Pick<OAuth, 'refresh' | 'renew' | 'revoke'>
  settings: (accountId: string) => Promise<ClientSettings>
  clock: Clock
  events: Events
  activity: { add(entry: ActivityEntry): void }
  logger: Logger
}

/** Refreshes of token sets, one at a time for each account, and what becomes of their answers. */
export interface Refresher {
  /** Starts a refresh, or joins the one under way. Resolves once the new token set is stored. */
  refresh(accountId: string): Promise<TokenSet>
  /** Resolves when no refresh of this account is under way. */
  settled(accountId: string): Promise<void>
  /** The same, and no other begins until the hold is released. */
  hold(accountId: string): Promise<() => void>
  /** Stores what arrived while the vault was locked, then takes note of refreshes that were cut off. */
  recover(): void
  announce(accountId: string): void
  note(account: AccountRecord, kind: Activity['kind'], summary: string, detail?: Activity['detail']): void
}

export function createRefresher(parts: TokenParts, subjectToken: (of: AccountRecord) => SubjectToken): Refresher {
  const { vault, oauth, clock, events, activity, logger } = parts
  const flights = new Map<string, Promise<TokenSet>>()
  /** Each resolves when its hold is released: holds of one account wait for each other. */
  const holds = new Map<string, Promise<void>>()
  /** When an answer that may have held a rotated refresh token was lost, and for which of the account's token sets. */
  const lost = new Map<string, { at: number; generation: number }>()
  /**
   * What an answer that came while the vault was locked has to write. A lock does not wait for a slow provider, and a
   * rotated refresh token must not be lost to it: the token set stays in memory until the vault is open again. Should
   * the process end first, the marker of the refresh is still in the vault and names the loss.
   */
  let deferred: (() => void)[] = []
  /**
   * Answers that could not be stored, as the disk was full or read-only: the next use stores them instead of asking the
   * provider with a refresh token that has been used. The marker in the vault names the loss if the process ends first.
   */
  const unsaved = new Map<string, { generation: number; fresh: TokenSet }>()

  const isLocked = () => vault.status().state !== 'unlocked'
  const never = new AbortController().signal

  async function run(accountId: string): Promise<TokenSet> {
    const settings = await parts.settings(accountId)
    const facts = vault.tokens.facts(accountId)
    const tokens = vault.tokens.get(accountId)
    if (!facts || !tokens) return replaced(accountId)
    const { generation } = facts
    const kept = unsaved.get(accountId)
    if (kept?.generation === generation) return commit(accountId, generation, settings, kept.fresh)
    if (tokens.refreshToken === null) return again(accountId, generation, settings)
    const startedAt = lostAt(accountId, generation) ?? clock.now()
    vault.tokens.beginRefresh(accountId, startedAt)
    let fresh: TokenSet
    try {
      fresh = await oauth.refresh(settings, tokens, { signal: never })
    } catch (error) {
      if (error instanceof RefreshError && error.kind === 'fatal' && !isLocked() && renewable(accountId)) {
        vault.tokens.endRefresh(accountId)
        return again(accountId, generation, settings)
      }
      return whenUnlocked(
        () => failed(accountId, generation, startedAt, error),
        () => {
          if (!isLost(error)) vault.tokens.endRefresh(accountId)
        },
      )
    }
    const keep = () => commit(accountId, generation, settings, fresh)
    return whenUnlocked(keep, keep)
  }

  /**
   * Obtains the grant once more in the way it was obtained. Nothing rotates here: a lost answer costs nothing, and no
   * marker has to tell of it.
   */
  async function again(accountId: string, generation: number, settings: ClientSettings): Promise<TokenSet> {
    const account = known(accountId)
    const { grant, scopesRequested: scopes } = account
    let fresh: TokenSet
    try {
      const request = await grantRequest(grant, vault.accounts.credentials(accountId), subjectToken(account))
      fresh = await oauth.renew(settings, request, { scopes, signal: never })
    } catch (error) {
      return whenUnlocked(
        () => notRenewed(accountId, generation, error),
        () => undefined,
      )
    }
    const keep = () => commit(accountId, generation, settings, fresh)
    return whenUnlocked(keep, keep)
  }

  function renewable(accountId: string): boolean {
    const account = vault.accounts.get(accountId)
    return account !== null && renewsByItself(account.grant)
  }

  function notRenewed(accountId: string, generation: number, error: unknown): TokenSet {
    if (vault.tokens.facts(accountId)?.generation !== generation) return replaced(accountId)
    if (!(error instanceof RefreshError)) throw error
    const account = known(accountId)
    throw error.kind === 'fatal' ? ended(account, error, null) : postponed(account, error)
  }

  function lostAt(accountId: string, generation: number): number | null {
    const loss = lost.get(accountId)
    return loss?.generation === generation ? loss.at : null
  }

  /** `now` at once, or `later` on unlock, with the vault's own `locked` for those who wait. */
  function whenUnlocked(now: () => TokenSet, later: () => unknown): TokenSet {
    if (isLocked()) deferred.push(later)
    return now()
  }

  function commit(accountId: string, generation: number, settings: ClientSettings, fresh: TokenSet): TokenSet {
    if (vault.tokens.facts(accountId)?.generation !== generation) {
      // Removed, or signed in anew, while the answer was on its way. A grant that nobody has any more is ended; one that
      // was replaced is not, because ending it may end its successor with it (RFC 7009 2.1).
      if (!vault.tokens.facts(accountId)) void revokeIfPossible({ oauth, logger }, () => settings, fresh)
      return replaced(accountId)
    }
    try {
      vault.tokens.commitRefresh(accountId, fresh)
    } catch (error) {
      unsaved.set(accountId, { generation, fresh })
      throw error
    }
    unsaved.delete(accountId)
    lost.delete(accountId)
    const account = known(accountId)
    note(account, 'refreshed', `The token of ${account.alias} was refreshed.`, { expires_at: time(fresh.expiresAt) })
    announce(accountId)
    return fresh
  }

  function failed(accountId: string, generation: number, startedAt: number, error: unknown): TokenSet {
    const current = vault.tokens.facts(accountId)
    // The failure is about a token set that is no longer the account's: what is there now is for the caller to have.
    if (current?.generation !== generation) return replaced(accountId)
    const lostBefore = lostAt(accountId, generation)
    if (isLost(error)) lost.set(accountId, { at: startedAt, generation })
    else if (lostBefore === null) vault.tokens.endRefresh(accountId)
    if (!(error instanceof RefreshError)) throw error
    const account = known(accountId)
    if (error.kind === 'fatal') throw ended(account, error, lostBefore)
    throw postponed(account, error)
  }

  function ended(account: AccountRecord, error: RefreshError, lostAt: number | null): LatchkeyError {
    const reason =
      lostAt === null
        ? error.message
        : `${error.message} The answer to a refresh on ${readable(lostAt)} was lost, and with it the refresh token that replaced this one.`
    const since = clock.now()
    vault.transaction(() => {
      vault.accounts.setTrouble(account.id, { kind: 'reauth_required', reason, since, retryAt: null, failures: 0 })
      vault.tokens.endRefresh(account.id)
    })
    lost.delete(account.id)
    note(account, 'refresh_failed', `${account.alias} needs a new sign-in. ${reason}`, { code: error.code })
    announce(account.id)
    return reauthRequired(account, reason)
  }

  function postponed(account: AccountRecord, error: RefreshError): LatchkeyError {
    const now = clock.now()
    const before = account.trouble?.kind === 'unreachable' ? account.trouble : null
    const failures = (before?.failures ?? 0) + 1
    const kind = error.kind === 'refused' ? 'refused' : 'transient'
    const wait = backoff(kind, failures, error.retryAfter, Math.random())
    vault.accounts.setTrouble(account.id, {
      kind: 'unreachable',
      reason: error.message,
      since: before?.since ?? now,
      retryAt: now + wait,
      failures,
    })
    const detail = { code: error.code, failures, retry_at: time(now + wait) }
    note(account, 'refresh_failed', `The token of ${account.alias} could not be refreshed. ${error.message}`, detail)
    announce(account.id)
    const code = kind === 'refused' ? 'provider_error' : 'provider_unreachable'
    return providerTrouble(code, account, error.message, wait)
  }

  /** What is there instead of the token set that was to be refreshed. */
  function replaced(accountId: string): TokenSet {
    const tokens = vault.tokens.get(accountId)
    if (tokens) return tokens
    const account = known(accountId)
    throw reauthRequired(account, account.trouble?.reason ?? 'It has no tokens.')
  }

  function known(accountId: string): AccountRecord {
    const account = vault.accounts.get(accountId)
    if (!account) throw noSuchAccount(accountId)
    return account
  }

  async function settled(accountId: string): Promise<void> {
    while (flights.has(accountId)) await flights.get(accountId)?.catch(() => undefined)
  }

  function announce(accountId: string): void {
    const account = known(accountId)
    const registration = vault.registrations.get(account.registrationId)
    const { state } = accountStatus(account, registration, vault.tokens.facts(accountId), clock.now())
    events.emit({ type: 'account', account_id: accountId, state })
  }

  function note(
    account: AccountRecord,
    kind: Activity['kind'],
    summary: string,
    detail: Activity['detail'] = {},
  ): void {
    activity.add({ kind, account_id: account.id, provider_id: account.providerId, actor: 'latchkey', summary, detail })
  }

  return {
    refresh(accountId) {
      const underWay = flights.get(accountId)
      if (underWay) return underWay
      if (holds.has(accountId)) {
        return Promise.reject(reauthRequired(known(accountId), 'Its grant is being ended.'))
      }
      const flight = run(accountId).finally(() => flights.delete(accountId))
      flights.set(accountId, flight)
      return flight
    },
    settled,
    async hold(accountId) {
      while (holds.has(accountId)) await holds.get(accountId)
      const { promise, resolve } = createDeferred<void>()
      holds.set(accountId, promise)
      await settled(accountId)
      return () => {
        holds.delete(accountId)
        resolve()
      }
    },
    recover() {
      const due = deferred
      deferred = []
      for (const write of due) {
        try {
          write()
        } catch (error) {
          logger.warn('an answer that came while the vault was locked could not be kept', { error })
        }
      }
      for (const { accountId, startedAt } of vault.tokens.interruptedRefreshes()) {
        const generation = vault.tokens.facts(accountId)?.generation
        if (flights.has(accountId) || generation === undefined || lostAt(accountId, generation) !== null) continue
        lost.set(accountId, { at: startedAt, generation })
        const account = known(accountId)
        const summary = `Latchkey ended while it refreshed the token of ${account.alias}. The next use tries again.`
        note(account, 'refresh_failed', summary, { code: 'interrupted', started_at: time(startedAt) })
      }
    },
    announce,
    note,
  }
}

function isLost(error: unknown): boolean {
  return error instanceof RefreshError && answerLost(error)
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** `2025-11-21 at 09:16 UTC`. */
function readable(at: number): string {
  const text = new Date(at).toISOString()
  return `${text.slice(0, 10)} at ${text.slice(11, 16)} UTC`
}
