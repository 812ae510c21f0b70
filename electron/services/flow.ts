import type { Flow, Via } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import { endState, type Failure } from './flow-failure.ts'

/** More lines than any sign-in needs; a program that floods the listener fills no memory. */
const maximumSteps = 200

export interface FlowSubject {
  id: string
  providerId: string
  providerName: string
  registrationId: string
  accountId: string | null
  via: Via
}

export interface SignInFlow {
  readonly id: string
  readonly state: Flow['state']
  /** Wall clock, milliseconds: when the present state ends by itself. */
  readonly expiresAt: number
  readonly ended: boolean
  view(): Flow
  /** One line of the trace. `source` is an RFC section or the like. Codes, states and tokens do not belong in it. */
  step(text: string, ok?: boolean, source?: string | null): void
  waitForPerson(authorizationUrl: string, redirectUri: string): void
  /** RFC 8628 3.3: the person enters a code, on any device, until `until` (milliseconds since 1970). */
  waitForDevice(device: NonNullable<Flow['device']>, until: number): void
  exchange(): void
  ask(decision: NonNullable<Flow['decision']>, until: number): void
  complete(accountId: string): void
  end(failure: Failure): void
}

const over: readonly Flow['state'][] = ['completed', 'failed', 'cancelled']

/** One attempt to obtain a grant, as the page, API and CLI see it (shared/models.ts `flowSchema`). */
export function createFlow(
  subject: FlowSubject,
  clock: Clock,
  limit: number,
  changed: (flow: Flow) => void,
): SignInFlow {
  const time = (at: number) => new Date(at).toISOString()
  const startedAt = clock.now()
  let expiresAt = startedAt + limit
  const flow: Flow = {
    id: subject.id,
    provider_id: subject.providerId,
    provider_name: subject.providerName,
    registration_id: subject.registrationId,
    account_id: subject.accountId,
    via: subject.via,
    state: 'preparing',
    authorization_url: null,
    redirect_uri: null,
    device: null,
    failure: null,
    decision: null,
    steps: [],
    started_at: time(startedAt),
    expires_at: time(expiresAt),
    ended_at: null,
  }
  const isOver = () => over.includes(flow.state)

  /** An ended flow stays as it ended, whatever arrives late. */
  function change(fields: Partial<Flow>): void {
    if (isOver()) return
    Object.assign(flow, fields)
    if (isOver()) flow.ended_at = time(clock.now())
    changed(structuredClone(flow))
  }

  return {
    id: subject.id,
    get state() {
      return flow.state
    },
    get expiresAt() {
      return expiresAt
    },
    get ended() {
      return isOver()
    },
    view: () => structuredClone(flow),
    step(text, ok = true, source = null) {
      if (flow.steps.length >= maximumSteps) return
      change({ steps: [...flow.steps, { at: time(clock.now()), text, ok, source }] })
    },
    waitForPerson: (authorizationUrl, redirectUri) =>
      change({ state: 'waiting_for_person', authorization_url: authorizationUrl, redirect_uri: redirectUri }),
    waitForDevice(device, until) {
      expiresAt = until
      const page = device.verification_uri_complete ?? device.verification_uri
      change({ state: 'waiting_for_person', device, authorization_url: page, expires_at: time(until) })
    },
    exchange: () => change({ state: 'exchanging', authorization_url: null }),
    ask(decision, until) {
      expiresAt = until
      change({ state: 'needs_decision', decision, expires_at: time(until), authorization_url: null, device: null })
    },
    complete: (accountId) =>
      change({ state: 'completed', account_id: accountId, authorization_url: null, device: null }),
    end: (failure) => change({ state: endState(failure), failure, authorization_url: null, device: null }),
  }
}
