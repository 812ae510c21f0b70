import { carriesState } from '../oauth/authorization-answer.ts'
import { FlowError } from '../oauth/ports.ts'
import type { Browser } from '../platform/ports.ts'
import { matchesRedirect } from '../redirects/match.ts'
import type { RedirectListener } from '../redirects/ports.ts'
import type { Attempt } from './connect-attempt.ts'
import type { Conclusion } from './connect-conclusion.ts'
import type { ConnectParts } from './connect-parts.ts'
import { toFailure } from './flow-failure.ts'

type RunParts = Pick<ConnectParts, 'oauth' | 'windows' | 'browser' | 'logger'>

export interface Run {
  /** Takes a flow from `preparing` to its end, or to the question who it should be. Never rejects. */
  run(attempt: Attempt, listener: RedirectListener): Promise<void>
  /** Judges a request at the redirect URI. Only this flow's own answer counts; anything else changes nothing. */
  accepts(attempt: Attempt, url: URL): boolean
  openBrowser(browser: Browser, attempt: Attempt, authorizationUrl: string): Promise<void>
}

/** One authorization code flow from the first step to the grant (RFC 6749 4.1). */
export function createRun(parts: RunParts, conclusion: Conclusion): Run {
  const { oauth, logger } = parts

  async function run(attempt: Attempt, listener: RedirectListener): Promise<void> {
    const { flow, settings, controller } = attempt
    const { signal } = controller
    try {
      flow.step(`Waiting for the answer at ${listener.redirectUri}`, true, 'RFC 8252 7.3')
      const pending = await oauth.beginAuthorization(settings, {
        redirectUri: listener.redirectUri,
        scopes: attempt.scopes,
        ...loginHint(attempt),
        signal,
        trace: flow.step,
      })
      signal.throwIfAborted()
      attempt.pending = pending
      flow.waitForPerson(pending.authorizationUrl, pending.redirectUri)
      attempt.ready.resolve()

      const answer = await answerOf(attempt, listener, pending.authorizationUrl)
      signal.throwIfAborted()
      if (conclusion.endIfLate(attempt)) return
      conclusion.stopTimer(attempt)
      flow.exchange()
      const granted = await oauth.finishAuthorization(settings, pending, answer, { signal, trace: flow.step })
      conclusion.conclude(attempt, granted)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'internal' && !flow.ended)
        logger.error('a sign-in failed unexpectedly', { flow: flow.id, error })
      conclusion.end(attempt, failure)
    } finally {
      attempt.pending = null
      attempt.ready.resolve()
      await listener.close()
    }
  }

  /** The first answer that arrives, whichever way it comes. */
  async function answerOf(attempt: Attempt, listener: RedirectListener, authorizationUrl: string): Promise<URL> {
    const { flow, controller } = attempt
    // Ends the other ways once one has answered: the window closes, the listener stops waiting.
    const answered = new AbortController()
    const signal = AbortSignal.any([controller.signal, answered.signal])
    const traced = (text: string) => (url: URL) => {
      flow.step(text, true, 'RFC 6749 4.1.2')
      return url
    }
    const ways = [
      listener.answer(signal).then(traced('An answer arrived at the redirect URI')),
      attempt.pasted.promise.then(traced('An answer was pasted')),
    ]
    if (flow.view().via === 'window') {
      ways.push(
        openWindow(attempt, authorizationUrl, listener.redirectUri, signal).then(
          traced('An answer arrived in the window'),
        ),
      )
    } else if (flow.view().via === 'browser') {
      void openBrowser(parts.browser, attempt, authorizationUrl)
    } else {
      flow.step('Waiting for the address that follows the sign-in in any browser', true, 'RFC 6749 4.1.1')
    }
    try {
      return await Promise.race(ways)
    } finally {
      answered.abort()
    }
  }

  async function openWindow(attempt: Attempt, authorizationUrl: string, redirectUri: string, signal: AbortSignal) {
    if (parts.windows === null) throw new Error('a window was chosen on a host that has none')
    const { flow, target } = attempt
    flow.step('Opened the sign-in window', true, 'RFC 6749 4.1.1')
    const title = `Sign in to ${target.definition.name}`
    const url = await parts.windows.open({
      authorizationUrl,
      redirectUri,
      mode: attempt.pending?.answer.mode ?? 'query',
      title,
      signal,
    })
    if (!matchesRedirect(url, redirectUri) || attempt.pending === null) {
      throw new FlowError(
        'invalid_answer',
        'The sign-in window returned from an address that is not the redirect URI.',
        'Start the sign-in again, in the browser if it happens again.',
      )
    }
    if (!carriesState(url, attempt.pending)) {
      throw new FlowError(
        'state_mismatch',
        'The answer does not belong to this sign-in: its state is missing or wrong. It was not used.',
        'Start the sign-in again.',
      )
    }
    return url
  }

  /** A browser that does not open ends nothing: the link can be opened by hand. */
  async function openBrowser(browser: Browser, attempt: Attempt, authorizationUrl: string): Promise<void> {
    try {
      await browser.open(authorizationUrl)
      attempt.flow.step('Opened the sign-in page in the browser', true, 'RFC 8252 6')
    } catch {
      attempt.flow.step('The browser could not be opened: open the link by hand', false, 'RFC 8252 6')
    }
  }

  function accepts(attempt: Attempt, url: URL): boolean {
    const { flow, pending } = attempt
    if (flow.state !== 'waiting_for_person' || pending === null || conclusion.endIfLate(attempt)) return false
    if (carriesState(url, pending)) return true
    flow.step('Ignored an answer with a missing or wrong state', false, 'RFC 6749 10.12')
    return false
  }

  return { run, accepts, openBrowser }
}

/** Who is expected, when an account is reconnected (OpenID Connect Core 3.1.2.1). */
function loginHint({ target }: Attempt): { loginHint?: string } {
  const identity = target.account?.identity
  const hint = identity?.email ?? identity?.username ?? null
  return hint === null ? {} : { loginHint: hint }
}
