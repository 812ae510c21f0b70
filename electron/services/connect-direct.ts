import type { Attempt, Granted } from './connect-attempt.ts'
import type { Conclusion } from './connect-conclusion.ts'
import type { ConnectParts } from './connect-parts.ts'
import { failures, toFailure } from './flow-failure.ts'
import { grantRequest } from './grants.ts'

type Parts = Pick<ConnectParts, 'oauth' | 'tokens' | 'vault' | 'logger'>

/**
 * Obtains a grant that nothing comes back for to a redirect URI: at once, or with a code that the person enters
 * elsewhere. Takes the flow from `preparing` to its end, or to the question who it should be. Never rejects.
 */
export function createDirectRun(
  { oauth, tokens, vault, logger }: Parts,
  conclusion: Conclusion,
): (attempt: Attempt) => Promise<void> {
  return async (attempt) => {
    const { flow, grant, controller } = attempt
    try {
      const granted = grant === 'device_code' ? await byDevice(attempt) : await atOnce(attempt)
      controller.signal.throwIfAborted()
      conclusion.stopTimer(attempt)
      conclusion.conclude(attempt, granted)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'internal' && !flow.ended) {
        logger.error('a grant could not be obtained for an unexpected reason', { flow: flow.id, grant, error })
      }
      conclusion.end(attempt, failure)
    } finally {
      attempt.ready.resolve()
    }
  }

  async function atOnce({ flow, settings, grant, credentials, scopes, controller, target }: Attempt): Promise<Granted> {
    const { name } = target.definition
    if (grant === 'password') {
      const warning = `${name} gets the password itself. Where it offers another way to sign in, use that`
      flow.step(warning, true, 'RFC 9700 2.4')
    }
    flow.exchange()
    const request = await grantRequest(grant, credentials, async (accountId) => {
      const subject = await tokens.fresh(accountId)
      return { accessToken: subject.tokens.accessToken, identity: vault.accounts.get(accountId)?.identity ?? null }
    })
    return oauth.obtain(settings, request, { scopes, signal: controller.signal, trace: flow.step })
  }

  async function byDevice(attempt: Attempt): Promise<Granted> {
    const { flow, settings, scopes, controller } = attempt
    const options = { signal: controller.signal, trace: flow.step }
    const pending = await oauth.beginDevice(settings, { scopes, ...options })
    controller.signal.throwIfAborted()
    const { userCode, verificationUri, verificationUriComplete, expiresAt } = pending
    conclusion.limit(attempt, expiresAt, failures.codeExpired)
    flow.waitForDevice(
      { user_code: userCode, verification_uri: verificationUri, verification_uri_complete: verificationUriComplete },
      expiresAt,
    )
    attempt.ready.resolve()
    return oauth.finishDevice(settings, pending, options)
  }
}
