import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network } from '../platform/ports.ts'
import { completeAuthorization } from './authorization.ts'
import { answerSecrets } from './authorization-answer.ts'
import { prepareAuthorization } from './authorization-request.ts'
import { createDiscoveryCache } from './discovery.ts'
import { toFlowError } from './flow-failure.ts'
import { obtainGrant, renewGrant, secretsOf } from './grants.ts'
import { beginDevice, finishDevice } from './grants-device.ts'
import { type ClientSettings, FlowError, type OAuth, type Trace } from './ports.ts'
import { refreshTokens } from './refresh.ts'
import { revokeTokens } from './revoke.ts'
import { validateToken } from './validate.ts'

/** OAuth 2.0 and OpenID Connect on openid-client, with every request through `network`. */
export function createOAuth({ network, clock }: { network: Network; clock: Clock }): OAuth {
  const parts = { network, clock, discovered: createDiscoveryCache({ network, clock }) }

  async function inWords<T>(
    settings: ClientSettings,
    { signal, trace }: { signal: AbortSignal; trace: Trace },
    secrets: (string | null)[],
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const context = { providerName: settings.definition.name, signal, secrets: [settings.clientSecret, ...secrets] }
      const failure = toFlowError(error, context)
      if (failure instanceof FlowError || failure instanceof LatchkeyError) trace(failure.message, false, null)
      throw failure
    }
  }

  return {
    beginAuthorization(settings, options) {
      return inWords(settings, options, [], () => prepareAuthorization(parts, settings, options, options))
    },
    finishAuthorization(settings, pending, answer, options) {
      const secrets = [pending.codeVerifier, pending.nonce, pending.state, ...answerSecrets(answer, pending.answer)]
      return inWords(settings, options, secrets, () => completeAuthorization(parts, settings, pending, answer, options))
    },
    obtain(settings, request, options) {
      return inWords(settings, options, secretsOf(request), () => obtainGrant(parts, settings, request, options))
    },
    renew(settings, request, options) {
      return renewGrant(parts, settings, request, options)
    },
    beginDevice(settings, options) {
      return inWords(settings, options, [], () => beginDevice(parts, settings, options))
    },
    finishDevice(settings, pending, options) {
      return inWords(settings, options, [pending.deviceCode], () => finishDevice(parts, settings, pending, options))
    },
    refresh(settings, tokens, { signal }) {
      return refreshTokens(parts, settings, tokens, signal)
    },
    validate(settings, tokens, { signal }) {
      return validateToken(parts, settings, tokens, signal)
    },
    revoke(settings, tokens, { signal }) {
      return revokeTokens(parts, settings, tokens, signal)
    },
  }
}
