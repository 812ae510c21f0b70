import type { CheckedInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Flow, Via } from '../../shared/models.ts'
import { answerShape } from '../oauth/authorization-answer.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import { randomId } from '../platform/ids.ts'
import type { Definition } from '../providers/definition.ts'
import type { Grant } from '../vault/ports.ts'
import { checkAlias } from './connect-alias.ts'
import { type Attempt, createAttempt, readPasted } from './connect-attempt.ts'
import { chooseGrant } from './connect-choice.ts'
import { createConclusion } from './connect-conclusion.ts'
import { createDirectRun } from './connect-direct.ts'
import type { ConnectParts } from './connect-parts.ts'
import { createRun } from './connect-run.ts'
import { findTarget } from './connect-target.ts'
import { createFlow } from './flow.ts'
import { failures } from './flow-failure.ts'
import { createFlowStore } from './flow-store.ts'
import { needsRedirect } from './grants.ts'
import type { Caller, ConnectService, FlowsOf } from './ports.ts'
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
  const obtain = createDirectRun(parts, conclusion)

  async function start(input: CheckedInput<'connect.start'>, caller: Caller): Promise<Flow> {
    flows.checkRoom()
    const target = await findTarget(parts, input)
    const { definition, registration, account } = target
    const { grant, credentials } = chooseGrant(parts, target, input)
    const settings = withGrant(await parts.clientSettings.forRegistration(registration.id), grant)
    const { via, notes } = needsRedirect(grant)
      ? chooseVia(definition, input.via, parts.windows !== null)
      : { via: 'browser' as const, notes: [] }
    const subject = {
      id: randomId('flow'),
      providerId: definition.id,
      providerName: definition.name,
      registrationId: registration.id,
      accountId: account?.id ?? null,
      via,
    }
    if (caller.app !== undefined) parts.apps.flows.note(subject.id, caller.app.id)
    const attempt = createAttempt({
      flow: createFlow(subject, clock, limits.signIn, ({ id, state }) =>
        events.emit({ type: 'flow', flow_id: id, state }),
      ),
      target,
      settings,
      scopes: splitScopes(input.scopes ?? account?.scopesRequested ?? registration.scopes, 'scopes'),
      grant,
      credentials,
      alias: input.alias === undefined ? null : freeAlias(input.alias, registration.id),
      caller: { kind: caller.kind, ...(caller.app === undefined ? {} : { app: caller.app }) },
    })
    const work = needsRedirect(grant) ? await redirected(attempt) : () => obtain(attempt)
    flows.add(attempt)
    for (const note of notes) attempt.flow.step(note)
    conclusion.limit(attempt, attempt.flow.expiresAt, failures.timedOut)
    attempt.settled = work()
    const impatient = setTimeout(() => attempt.ready.resolve(), patience)
    await attempt.ready.promise.finally(() => clearTimeout(impatient))
    return attempt.flow.view()
  }

  async function redirected(attempt: Attempt): Promise<() => Promise<void>> {
    const { id, redirect } = attempt.target.definition
    // Bound before the person is sent anywhere (RFC 8252 7.3); for a window too, so that the port is nobody else's.
    const listener = await parts.loopback.listen({
      providerId: id,
      host: redirect.host,
      port: redirect.port,
      mode: answerShape(attempt.settings).mode,
      accept: (url) => run.accepts(attempt, url),
    })
    return () => run.run(attempt, listener)
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

  function flowsOf(of: FlowsOf): Attempt[] {
    return flows
      .underWay()
      .filter(({ target }) =>
        'accountId' in of ? target.account?.id === of.accountId : target.registration.id === of.registrationId,
      )
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
      if (attempt.pending === null) {
        throw new LatchkeyError('invalid_request', 'This sign-in waits for a code to be entered, not for an address.', {
          field: 'flow',
        })
      }
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
    underWay: (of) => flowsOf(of).length,
    async cancelFor(of, why) {
      const attempts = flowsOf(of)
      for (const attempt of attempts) conclusion.end(attempt, why)
      await Promise.all(attempts.map(({ settled }) => settled))
    },
    async cancelAll() {
      const attempts = flows.underWay()
      for (const attempt of attempts) conclusion.end(attempt, failures.locked)
      await Promise.all(attempts.map(({ settled }) => settled))
    },
  }
}

/** The grant that was chosen for this sign-in stands before what the registration usually does. */
function withGrant(settings: ClientSettings, grant: Grant): ClientSettings {
  return { ...settings, options: { ...settings.options, grant } }
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
