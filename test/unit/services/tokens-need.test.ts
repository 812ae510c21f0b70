import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providerTrouble, reauthRequired } from '../../../electron/services/tokens-errors.ts'
import { asksTooMuch, backoff, refreshNeed, waitLeft } from '../../../electron/services/tokens-need.ts'

const now = Date.parse('2025-06-01T12:00:00Z')
/** A token of `life` seconds of which `left` are left. */
const token = (life: number, left: number) => ({
  obtainedAt: now - (life - left) * 1000,
  expiresAt: now + left * 1000,
  expirySource: 'expires_in' as const,
})
const permanent = { obtainedAt: now - 1e9, expiresAt: null, expirySource: 'unknown' as const }

describe('whether a token has to be refreshed', () => {
  it.each([
    ['plenty left', token(3600, 3000), {}, 'none'],
    ['just more than a tenth left', token(3600, 361), {}, 'none'],
    ['less than a tenth left', token(3600, 359), {}, 'should'],
    ['less than a minute of five left', token(300, 59), {}, 'should'],
    ['half of a short life left', token(20, 11), {}, 'none'],
    ['less than half of a short life left', token(20, 9), {}, 'should'],
    ['nothing left', token(3600, 0), {}, 'expired'],
    ['less left than asked for', token(3600, 1000), { minValidity: 1001 }, 'min_validity'],
    ['as much left as asked for', token(3600, 1000), { minValidity: 1000 }, 'none'],
    ['min_validity 0', token(3600, 1000), { minValidity: 0 }, 'none'],
    ['force', token(3600, 3600), { force: true }, 'forced'],
    ['refused by the API', token(3600, 3600), { rejected: true }, 'rejected'],
    ['no expiry', permanent, {}, 'none'],
    ['no expiry but asked for more', permanent, { minValidity: 1e6 }, 'none'],
    ['no expiry but refused', permanent, { rejected: true }, 'rejected'],
  ] as const)('with %s', (_, tokens, demand, need) => {
    expect(refreshNeed(tokens, demand, now)).toBe(need)
  })

  it('[F9] is refused when no token of this provider lives that long and this one is new', () => {
    expect(asksTooMuch(token(3600, 3599), 3601, now)).toBe(true)
    expect(asksTooMuch(token(3600, 3599), 3600, now)).toBe(false)
    // Not new any more: the provider's lifetimes may have changed.
    expect(asksTooMuch(token(3600, 3000), 7200, now)).toBe(false)
    expect(asksTooMuch({ ...token(3600, 3599), expirySource: 'tester' }, 7200, now)).toBe(false)
    expect(asksTooMuch(permanent, 7200, now)).toBe(false)
  })
})

describe('the time a provider is left alone', () => {
  it('[F8] doubles, stays below 15 minutes, and honours Retry-After', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((failures) => backoff('transient', failures, null, 0.5) / 1000)
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900])
    expect(backoff('transient', 1, 60_000, 0.5)).toBe(60_000)
    expect(backoff('transient', 5, 1000, 0.5)).toBe(80_000)
    expect(backoff('transient', 1, 86_400_000, 0.5)).toBe(900_000)
    expect(backoff('refused', 9, null, 0.5)).toBe(60_000)
  })

  it('is never nothing and never more than 15 minutes', () => {
    const failures = fc.integer({ min: 1, max: 10_000 })
    const header = fc.option(fc.integer({ min: 0, max: 1e9 }))
    fc.assert(
      fc.property(failures, header, fc.double({ min: 0, max: 1, noNaN: true }), (count, retry, random) => {
        const wait = backoff('transient', count, retry, random)
        expect(wait).toBeGreaterThanOrEqual(4000)
        expect(wait).toBeLessThanOrEqual(900_000)
      }),
    )
  })

  it('is over at its time, and at once when the clock was set back', () => {
    const trouble = { kind: 'unreachable' as const, reason: '', since: now, retryAt: now + 5000, failures: 1 }
    expect(waitLeft(trouble, now)).toBe(5000)
    expect(waitLeft(trouble, now + 5000)).toBe(0)
    expect(waitLeft(trouble, now - 86_400_000)).toBe(0)
    expect(waitLeft({ ...trouble, kind: 'reauth_required' }, now)).toBe(0)
    expect(waitLeft(null, now)).toBe(0)
  })
})

describe('the errors', () => {
  it('carry a command that can be pasted into a shell', () => {
    const command = (alias: string) => reauthRequired({ id: 'acc_1', alias }, 'x.').details.action?.command
    expect(command('practice:ada')).toBe('latchkey connect --account practice:ada')
    expect(command("Ada's work; rm -rf ~")).toBe("latchkey connect --account 'Ada'\\''s work; rm -rf ~'")
  })

  it('tell whole seconds to wait, at least one', () => {
    const account = { id: 'acc_1', alias: 'a' }
    expect(providerTrouble('provider_unreachable', account, 'x.', 1200).details.retry_after).toBe(2)
    expect(providerTrouble('provider_unreachable', account, 'x.', 0).details.retry_after).toBe(1)
  })
})
