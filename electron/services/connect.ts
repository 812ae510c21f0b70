import type { CheckedInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Flow, Via } from '../../shared/models.ts'
import { randomId } from '../platform/ids.ts'
import type { Definition } from '../providers/definition.ts'
import { checkAlias } from './connect-alias.ts'
import { type Attempt, createAttempt, readPasted } from './connect-attempt.ts'
import { createConclusion } from './connect-conclusion.ts'
import type { ConnectParts } from './connect-parts.ts'
import { createRun } from './connect-run.ts'
import { findTarget } from './connect-target.ts'
import { createFlow } from './flow.ts'
import { failures } from './flow-failure.ts'
import { createFlowStore } from './flow-store.ts'
import type { Caller, ConnectService } from './ports.ts'
import { splitScopes } from './scopes.ts'

/** How long `start` waits for the authorization URL before it leaves the caller to watch the flow. */
const patience = 5_000

/** Sign-ins: one flow in memory for each attempt (DESIGN section 6). */
export function createConnectService(parts: ConnectParts): ConnectService {
  const { vault, browser, clock, events } = parts
  const limits = parts.limits ?? { signIn: 300_000, decision: 600_000 }
  const flows = createFlowStore<Attempt>(clock)
  const conclusion = createConclusion(parts, limits.decision)
  const run = createRun(parts, conclusion)

  async function start(input: CheckedInput<'connect.start'>, caller: Caller): Promise<Flow> {
    flows.checkRoom()
    const target = await findTarget(parts, input)
    const { definition, registration, account } = target
    const settings = await parts.clientSettings.forRegistration(registration.id)
    const { via, notes } = chooseVia(definition, input.via, parts.windows !== null)
    const subject = {
      id: randomId('flow'),
      providerId: definition.id,
      providerName: definition.name,
      registrationId: registration.id,
      accountId: account?.id ?? null,
      via,
    }
    const attempt = createAttempt({
      flow: createFlow(subject, clock, limits.signIn, ({ id, state }) =>
        events.emit({ type: 'flow', flow_id: id, state }),
      ),
      target,
      settings,
      scopes: splitScopes(input.scopes ?? account?.scopesRequested ?? registration.scopes, 'scopes'),
      alias: input.alias === undefined ? null : freeAlias(input.alias, registration.id),
      actor: caller.kind,
    })
    // Bound before the person is sent anywhere (RFC 8252 7.3); for a window too, so that the port is nobody else's.
    const listener = await parts.loopback.listen({
      providerId: definition.id,
      host: definition.redirect.host,
      port: definition.redirect.port,
      accept: (url) => run.accepts(attempt, url),
    })
    flows.add(attempt)
    for (const note of notes) attempt.flow.step(note)
    attempt.timer = setTimeout(() => conclusion.end(attempt, failures.timedOut), limits.signIn).unref()
    attempt.settled = run.run(attempt, listener)
    const impatient = setTimeout(() => attempt.ready.resolve(), patience)
    await attempt.ready.promise.finally(() => clearTimeout(impatient))
    return attempt.flow.view()
  }

  /** An alias of an account at the same registration may be named: the same person may be about to sign in again. */
  function freeAlias(alias: string, registrationId: string): string {
    const checked = checkAlias(alias)
    const holder = vault.accounts.byAlias(checked)
    if (holder === null || holder.registrationId === registrationId) return checked
    throw new LatchkeyError('invalid_request', `The alias “${checked}” belongs to another account.`, { field: 'alias' })
  }

  function waiting(flowId: string): { attempt: Attempt; authorizationUrl: string } {
    const attempt = flows.get(flowId)
    conclusion.endIfLate(attempt)
    const { state, authorization_url: authorizationUrl } = attempt.flow.view()
    if (state === 'waiting_for_person' && authorizationUrl !== null) return { attempt, authorizationUrl }
    throw new LatchkeyError('invalid_request', 'This sign-in is not waiting for anybody to sign in.', {
      field: 'flow',
      action: { text: 'Start the sign-in again.' },
    })
  }

  return {
    start,
    get(flowId) {
      const attempt = flows.get(flowId)
      conclusion.endIfLate(attempt)
      return attempt.flow.view()
    },
    async open(flowId) {
      const { attempt, authorizationUrl } = waiting(flowId)
      await run.openBrowser(browser, attempt, authorizationUrl)
      return attempt.flow.view()
    },
    async cancel(flowId) {
      const attempt = flows.get(flowId)
      conclusion.end(attempt, failures.cancelled)
      await attempt.settled
      return attempt.flow.view()
    },
    async paste(flowId, url) {
      const { attempt } = waiting(flowId)
      if (attempt.pending === null) throw new LatchkeyError('internal', 'The sign-in was not prepared.')
      attempt.pasted.resolve(readPasted(url, attempt.pending))
      await attempt.settled
      return attempt.flow.view()
    },
    async decide(flowId, choice) {
      const attempt = flows.get(flowId)
      conclusion.endIfLate(attempt)
      conclusion.decide(attempt, choice)
      return attempt.flow.view()
    },
    async cancelAll() {
      const attempts = flows.underWay()
      for (const attempt of attempts) conclusion.end(attempt, failures.locked)
      await Promise.all(attempts.map(({ settled }) => settled))
    },
  }
}

/** Where the person signs in: what was asked for, else the provider's own default, as far as this host can. */
export function chooseVia(
  { name, sign_in: signIn }: Pick<Definition, 'name' | 'sign_in'>,
  wanted: Via | undefined,
  hasWindows: boolean,
): { via: Via; notes: string[] } {
  const via = wanted ?? signIn.via
  if (via !== 'window') return { via, notes: [] }
  if (!hasWindows) return { via: 'browser', notes: ['This host has no window of its own: the browser is used'] }
  if (signIn.via === 'window') return { via, notes: [] }
  return {
    via,
    notes: [`Using a window because it was asked for; ${name} may refuse it. ${signIn.reason ?? ''}`.trim()],
  }
}
