import { LatchkeyError } from '../../shared/errors.ts'
import { actorOf } from './actor.ts'
import type { Attempt, Granted } from './connect-attempt.ts'
import { keepGrant } from './connect-grant.ts'
import type { ConnectParts } from './connect-parts.ts'
import { describePerson, judgePerson, type Verdict } from './connect-person.ts'
import { type Failure, FlowEnded, failures, toFailure } from './flow-failure.ts'
import { needsRedirect } from './grants.ts'
import { revokeIfPossible } from './revocation.ts'

type Parts = Pick<ConnectParts, 'apps' | 'vault' | 'oauth' | 'accounts' | 'clock' | 'events' | 'activity' | 'logger'>

export interface Conclusion {
  /** Decides what becomes of a grant: kept, or asked about. */
  conclude(attempt: Attempt, granted: Granted): void
  /** Throws `invalid_request` when nothing is to be decided. */
  decide(attempt: Attempt, choice: 'add_account' | 'discard'): void
  /** Ends a flow at once, whatever it is doing. Does nothing to one that is over. */
  end(attempt: Attempt, failure: Failure): void
  /** A machine that slept through the limit fires no timer in time: the wall clock decides too. */
  endIfLate(attempt: Attempt): boolean
  stopTimer(attempt: Attempt): void
  /** Ends the flow with `failure` at this time (milliseconds since 1970), and not at the one before. */
  limit(attempt: Attempt, at: number, failure: Failure): void
}

/** How sign-ins end, and what they leave behind: an account, an entry in the activity, or nothing. */
export function createConclusion(parts: Parts, decisionLimit: number): Conclusion {
  const { vault, clock, events } = parts

  function stopTimer(attempt: Attempt): void {
    if (attempt.timer !== null) clearTimeout(attempt.timer)
    attempt.timer = null
  }

  function limit(attempt: Attempt, at: number, failure: Failure): void {
    stopTimer(attempt)
    // A longer time than a timer can take would end at once.
    const wait = Math.min(at - clock.now(), 2 ** 31 - 1)
    attempt.timer = setTimeout(() => end(attempt, failure), wait).unref()
  }

  function end(attempt: Attempt, failure: Failure): void {
    const { flow, controller } = attempt
    if (flow.ended) return
    stopTimer(attempt)
    // What went wrong in a step of the protocol has its line already.
    if (flow.view().steps.at(-1)?.text !== failure.message) flow.step(failure.message, false)
    flow.end(failure)
    controller.abort(new FlowEnded(failure))
    if (attempt.granted !== null) abandon(attempt, attempt.granted)
    attempt.granted = null
    note(attempt, 'sign_in_failed', `${attempt.target.definition.name}: ${failure.message}`, { reason: failure.code })
  }

  function endIfLate(attempt: Attempt): boolean {
    const { flow } = attempt
    const limited = flow.state === 'waiting_for_person' || flow.state === 'needs_decision'
    if (!limited || clock.now() < flow.expiresAt) return false
    const waiting = flow.view().device === null ? failures.timedOut : failures.codeExpired
    end(attempt, flow.state === 'needs_decision' ? failures.undecided : waiting)
    return true
  }

  function conclude(attempt: Attempt, granted: Granted): void {
    const { flow, target } = attempt
    if (flow.ended) {
      abandon(attempt, granted)
      return
    }
    const reconnecting = target.account === null ? null : vault.accounts.get(target.account.id)
    const verdict = judgePerson(granted.identity, reconnecting, sameHere(attempt, granted))
    if (verdict.kind !== 'ask') {
      keep(attempt, verdict, granted)
      return
    }
    const expected = verdict.account.alias
    const found = describePerson(granted.identity)
    attempt.granted = granted
    flow.step(`Signed in as ${found}, not as ${expected}: nothing was overwritten`, false, 'OpenID Connect Core 5.7')
    const until = clock.now() + decisionLimit
    flow.ask({ expected, found }, until)
    limit(attempt, until, failures.undecided)
  }

  function decide(attempt: Attempt, choice: 'add_account' | 'discard'): void {
    const { granted, flow } = attempt
    if (flow.state !== 'needs_decision' || granted === null) {
      throw new LatchkeyError('invalid_request', 'This sign-in has nothing to decide.', { field: 'flow' })
    }
    if (choice === 'discard') {
      end(attempt, failures.discarded)
      return
    }
    try {
      const verdict = judgePerson(granted.identity, null, sameHere(attempt, granted))
      if (verdict.kind !== 'ask') keep(attempt, verdict, granted)
    } catch (error) {
      end(attempt, toFailure(error))
      throw error
    }
  }

  /** The accounts of the same registration that belong to whoever signed in. */
  function sameHere({ target }: Attempt, { identity }: Granted) {
    if (identity === null) return []
    return vault.accounts
      .byIdentity(target.definition.id, identity.issuer, identity.subject)
      .filter(({ registrationId }) => registrationId === target.registration.id)
  }

  function keep(attempt: Attempt, verdict: Exclude<Verdict, { kind: 'ask' }>, granted: Granted): void {
    const { flow, target } = attempt
    const { account, created, superseded } = keepGrant(parts, attempt, verdict, granted)
    stopTimer(attempt)
    attempt.granted = null
    // One that was there before was granted to whom the person chose then.
    const { app } = attempt.caller
    if (created && app !== undefined) parts.apps.connected(app.id, account.id)
    const who = granted.identity === null ? '' : ` for ${describePerson(granted.identity)}`
    if (created) flow.step(`Saved${who} as ${account.alias}`)
    else flow.step(`Brought the account ${account.alias} up to date${who}`, true, 'OpenID Connect Core 5.7')
    if (superseded !== null) supersede(attempt, superseded)
    flow.complete(account.id)
    note(attempt, 'connected', `${created ? 'Connected' : 'Reconnected'} ${account.alias}`, {
      registration: target.registration.name,
      grant: attempt.grant,
      ...(needsRedirect(attempt.grant) ? { via: flow.view().via } : {}),
      scopes: granted.tokens.scopes.join(' '),
    })
    events.emit({ type: 'account', account_id: account.id, state: parts.accounts.view(account).status.state })
  }

  /**
   * The earlier grant is revoked where that cannot reach the new one. A server may give the same grant again to a person
   * who is still signed in in the browser, and revoking a token may end all of its grant (RFC 7009 2.1); Google ends
   * everything that the client was ever given. A window begins a session of its own and with it a grant of its own, and
   * the practice provider does so for every sign-in. Everywhere else the old tokens are left to expire.
   */
  function supersede(attempt: Attempt, superseded: Granted['tokens']): void {
    const { flow, settings, target } = attempt
    const { client, sign_in: signIn } = target.definition
    if (client !== 'built_in' && (flow.view().via !== 'window' || signIn.via !== 'window')) {
      flow.step('Left the earlier grant to expire: ending it could end this one too', true, 'RFC 7009 2.1')
      return
    }
    flow.step('Revoking the earlier grant', true, 'RFC 7009 2.1')
    void revokeIfPossible(parts, () => settings, superseded)
  }

  /** A grant that nobody keeps is revoked, unless the same person has an account here that could suffer from it. */
  function abandon(attempt: Attempt, granted: Granted): void {
    if (vault.status().state !== 'unlocked') return
    if (granted.identity === null || sameHere(attempt, granted).length > 0) return
    void revokeIfPossible(parts, () => attempt.settings, granted.tokens)
  }

  function note(
    attempt: Attempt,
    kind: 'connected' | 'sign_in_failed',
    summary: string,
    detail: Record<string, string>,
  ): void {
    const { flow, target, caller } = attempt
    const about = { account_id: flow.view().account_id, provider_id: target.definition.id }
    parts.activity.add({ kind, ...about, ...actorOf(caller), summary, detail })
  }

  return { conclude, decide, end, endIfLate, stopTimer, limit }
}
