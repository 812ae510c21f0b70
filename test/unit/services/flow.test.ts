import { describe, expect, it } from 'vitest'
import { FlowError } from '../../../electron/oauth/ports.ts'
import { SignInClosed } from '../../../electron/redirects/ports.ts'
import { chooseVia } from '../../../electron/services/connect.ts'
import { createFlow } from '../../../electron/services/flow.ts'
import { endState, failures, toFailure } from '../../../electron/services/flow-failure.ts'
import { createFlowStore } from '../../../electron/services/flow-store.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type Flow, flowSchema } from '../../../shared/models.ts'
import { settableClock } from '../vault/support.ts'

const hour = 3_600_000

function newFlow(id = 'flow_1', clock = settableClock()) {
  const seen: Flow['state'][] = []
  const subject = {
    id,
    providerId: 'practice',
    providerName: 'Practice',
    registrationId: 'reg_1',
    accountId: null,
    via: 'browser' as const,
  }
  return { flow: createFlow(subject, clock, 300_000, ({ state }) => seen.push(state)), seen, clock }
}

describe('a flow', () => {
  it('is what the contract promises in every state', () => {
    const { flow, seen, clock } = newFlow()
    expect(flowSchema.parse(flow.view())).toMatchObject({ state: 'preparing', authorization_url: null, steps: [] })
    flow.step('Prepared', true, 'RFC 7636 4.2')
    flow.waitForPerson('https://id.example/authorize?x=1', 'http://127.0.0.1:5/callback/practice')
    expect(flow.view()).toMatchObject({ state: 'waiting_for_person', redirect_uri: expect.any(String) })
    flow.exchange()
    expect(flow.view()).toMatchObject({ state: 'exchanging', authorization_url: null })
    clock.advance(1000)
    flow.complete('acc_1')
    const done = flowSchema.parse(flow.view())
    expect(done).toMatchObject({ state: 'completed', account_id: 'acc_1', failure: null })
    expect(Date.parse(done.ended_at ?? '') - Date.parse(done.started_at)).toBe(1000)
    expect(seen).toEqual(['preparing', 'waiting_for_person', 'exchanging', 'completed'])
  })

  it('stays as it ended', () => {
    const { flow, seen } = newFlow()
    flow.end(failures.cancelled)
    const ended = flow.view()
    flow.step('late')
    flow.complete('acc_1')
    flow.end(failures.timedOut)
    expect(flow.view()).toEqual(ended)
    expect(seen).toEqual(['cancelled'])
  })

  it('shows copies: nobody outside can change it', () => {
    const { flow } = newFlow()
    flow.view().steps.push({ at: '', text: 'forged', ok: true, source: null })
    expect(flow.view().steps).toEqual([])
  })

  it('keeps a trace of limited length', () => {
    const { flow } = newFlow()
    for (let line = 0; line < 1000; line++) flow.step('Ignored an answer')
    expect(flow.view().steps.length).toBe(200)
  })
})

describe('the flows of this run', () => {
  it('are found by id until an hour after they ended', () => {
    const clock = settableClock()
    const store = createFlowStore(clock)
    const { flow } = newFlow('flow_1', clock)
    store.add({ flow })
    clock.advance(2 * hour)
    expect(store.get('flow_1').flow).toBe(flow)
    flow.end(failures.cancelled)
    clock.advance(hour)
    expect(store.get('flow_1').flow).toBe(flow)
    clock.advance(1)
    expect(() => store.get('flow_1')).toThrow('no such sign-in')
  })

  it('are kept to the last hundred that ended', () => {
    const clock = settableClock()
    const store = createFlowStore(clock)
    const { flow: open } = newFlow('open', clock)
    store.add({ flow: open })
    for (let number = 0; number < 120; number++) {
      const { flow } = newFlow(`flow_${number}`, clock)
      store.add({ flow })
      flow.end(failures.cancelled)
    }
    expect(() => store.get('flow_19')).toThrow()
    expect(store.get('flow_20').flow.id).toBe('flow_20')
    expect(store.underWay().map(({ flow }) => flow.id)).toEqual(['open'])
  })

  it('are not too many at once', () => {
    const clock = settableClock()
    const store = createFlowStore(clock)
    for (let number = 0; number < 20; number++) {
      store.checkRoom()
      store.add({ flow: newFlow(`flow_${number}`, clock).flow })
    }
    expect(() => store.checkRoom()).toThrow(expect.objectContaining({ code: 'rate_limited' }))
    store.get('flow_0').flow.end(failures.cancelled)
    store.checkRoom()
  })
})

describe('why a sign-in ended', () => {
  it.each([
    [new FlowError('access_denied', 'Declined.', 'Allow it.'), 'access_denied', 'failed'],
    [new SignInClosed(), 'window_closed', 'cancelled'],
    [new LatchkeyError('locked', 'Locked.'), 'locked', 'failed'],
    [new LatchkeyError('provider_unreachable', 'Down.'), 'provider_unreachable', 'failed'],
    [new LatchkeyError('timeout', 'Slow.'), 'provider_unreachable', 'failed'],
    [new LatchkeyError('invalid_request', 'A variable is missing.'), 'provider_error', 'failed'],
    [new TypeError('canary'), 'internal', 'failed'],
  ])('says it in words: %s', (error, code, state) => {
    const failure = toFailure(error)
    expect(failure.code).toBe(code)
    expect(endState(failure)).toBe(state)
    expect(failure.message).not.toContain('canary')
    expect(failure.remedy).not.toBe('')
  })
})

describe('where the person signs in', () => {
  const open = { name: 'Practice', sign_in: { via: 'window' as const } }
  const closed = { name: 'Google', sign_in: { via: 'browser' as const, reason: 'Google refuses embedded windows.' } }

  it("is the provider's own default, as far as the host can", () => {
    expect(chooseVia(open, undefined, true)).toEqual({ via: 'window', notes: [] })
    expect(chooseVia(closed, undefined, true)).toEqual({ via: 'browser', notes: [] })
    expect(chooseVia(open, undefined, false)).toEqual({ via: 'browser', notes: [expect.stringContaining('no window')] })
  })

  it("is the person's choice, with a word of warning where the provider may refuse it", () => {
    expect(chooseVia(open, 'paste', true)).toEqual({ via: 'paste', notes: [] })
    expect(chooseVia(closed, 'window', true)).toEqual({
      via: 'window',
      notes: [expect.stringContaining('Google refuses embedded windows.')],
    })
  })
})
