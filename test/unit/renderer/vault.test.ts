import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { touchedBy } from '../../../renderer/app/events.ts'
import { keys } from '../../../renderer/app/queries.ts'
import { placeOf } from '../../../renderer/app/routes.ts'
import { fromBase64, toBase64 } from '../../../renderer/components/base64.ts'
import { wholeNumber } from '../../../renderer/components/whole-number.ts'
import { answerEditQuestion, isEditQuestionOpen, isEditRefusal, onEditQuestion } from '../../../renderer/edit-lock.ts'
import { doctorText, sortedChecks } from '../../../renderer/features/vault/doctor-text.ts'
import { lockDraftOf, lockOf, minutesOf, sameLock } from '../../../renderer/features/vault/lock-draft.ts'
import { typedWrong } from '../../../renderer/features/vault/typed-passphrase.ts'
import type { Bridge } from '../../../shared/contract.ts'
import { type DoctorCheck, lockSettingsSchema } from '../../../shared/contract-vault.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { createFakeBridge } from './fake-bridge.ts'
import { rightPassphrase } from './fake-vault.ts'

describe('choosing a passphrase', () => {
  it('takes the same one typed twice, of 8 characters, whatever they are', () => {
    expect(typedWrong({ passphrase: 'sevenis', again: 'sevenis' })).toBe('short')
    expect(typedWrong({ passphrase: 'long enough', again: 'long enougH' })).toBe('different')
    expect(typedWrong({ passphrase: 'long enough', again: 'long enough' })).toBeNull()
    // Four signs of two code units each are four characters.
    expect(typedWrong({ passphrase: '🔑🔑🔑🔑', again: '🔑🔑🔑🔑' })).toBe('short')
  })
})

describe('when the vault locks', () => {
  const never = { idle_minutes: null, after_minutes: null, on_screen_lock: false, on_suspend: false }
  it('takes whole minutes, and nothing for never', () => {
    expect(minutesOf(' ')).toBeNull()
    expect(minutesOf('30')).toBe(30)
    expect(minutesOf('10,080')).toBe(10_080)
    for (const wrong of ['0', '10081', '1.5', '-3', 'soon']) expect(minutesOf(wrong), wrong).toBeUndefined()
  })
  it('comes back as it was, and as the contract takes it', () => {
    for (const lock of [never, { ...never, idle_minutes: 5, after_minutes: 600, on_suspend: true }]) {
      const again = lockOf(lockDraftOf(lock))
      expect(again && lockSettingsSchema.parse(again)).toEqual(lock)
      expect(again && sameLock(again, lock)).toBe(true)
    }
    expect(lockOf({ ...lockDraftOf(never), after: 'x' })).toBeNull()
    expect(sameLock(never, { ...never, on_screen_lock: true })).toBe(false)
  })
})

describe('a file in base64', () => {
  it('comes back byte for byte, also a large one', () => {
    const bytes = Uint8Array.from({ length: 300_001 }, (_, index) => (index * 31) % 256)
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
    expect(Buffer.compare(fromBase64(toBase64(bytes)), bytes)).toBe(0)
    expect(toBase64(new Uint8Array())).toBe('')
  })
})

describe('the check-up', () => {
  const check = (id: string, state: DoctorCheck['state'], remedy: string | null = null): DoctorCheck => ({
    id,
    title: id,
    state,
    message: `${id} was looked at.`,
    remedy,
    facts: id === 'clock' ? { behind: '42 s' } : {},
  })
  const checks = [
    check('vault', 'ok'),
    check('proxies', 'not_applicable'),
    check('clock', 'warning', 'Set it.'),
    check('ports', 'problem', 'End the other program.'),
  ]
  it('shows first what needs somebody', () => {
    expect(sortedChecks(checks).map(({ id }) => id)).toEqual(['ports', 'clock', 'vault', 'proxies'])
  })
  it('is text with the remedies and facts', () => {
    expect(doctorText(checks, 'Latchkey 1.2.3, linux', new Date('2026-11-21T10:00:00Z'))).toBe(
      [
        'Latchkey 1.2.3, linux, 2026-11-21T10:00:00.000Z',
        '[Problem] ports: ports was looked at.',
        '  What to do: End the other program.',
        '[Warning] clock: clock was looked at.',
        '  What to do: Set it.',
        '  behind: 42 s',
        '[Fine] vault: vault was looked at.',
        '[Does not apply] proxies: proxies was looked at.',
        '',
      ].join('\n'),
    )
  })
})

describe('where the vault is shown', () => {
  it('is a place of its own, and an event of the vault renews it', () => {
    expect(placeOf('/settings/vault')).not.toBe(placeOf('/settings'))
    expect(touchedBy({ type: 'vault', state: 'unlocked' })).toEqual([keys.vault, keys.protection])
  })
  it('reads numbers with separators', () => {
    expect(wholeNumber('1 000', 1, 2000)).toBe(1000)
    expect(wholeNumber('2001', 1, 2000)).toBeNull()
  })
})

describe('[E2] a change that needs the passphrase', () => {
  let bridge: Bridge
  let calls: string[]
  let stop: () => void = () => undefined
  /** client.ts chooses its connection once: every test has its own. */
  async function client() {
    vi.resetModules()
    const door = await import('../../../renderer/edit-lock.ts')
    const { call } = await import('../../../renderer/client.ts')
    return { door, call }
  }
  const remove = { id: 'reg_google' }

  beforeEach(() => {
    const fake = createFakeBridge({ accounts: 'mixed', protection: 'edit lock' })
    calls = []
    bridge = {
      call: (method, input) => {
        calls.push(method)
        return fake.call(method, input)
      },
      onEvent: fake.onEvent,
    }
    vi.stubGlobal('window', { latchkey: bridge })
  })
  afterEach(() => {
    stop()
    stop = () => undefined
    vi.unstubAllGlobals()
  })

  it('asks, and is repeated once when the passphrase was entered', async () => {
    const { door, call } = await client()
    stop = door.onEditQuestion(() => {
      if (!door.isEditQuestionOpen()) return
      void call('vault.unlock_editing', { passphrase: rightPassphrase }).then(() => door.answerEditQuestion(true))
    })
    await expect(call('registrations.remove', remove)).resolves.toEqual({})
    expect(calls).toEqual(['registrations.remove', 'vault.unlock_editing', 'registrations.remove'])
    expect(door.isEditQuestionOpen()).toBe(false)
  })
  it('is refused as before when the question is closed, when it is still refused, and where nobody can ask', async () => {
    const { door, call } = await client()
    await expect(call('registrations.remove', remove)).rejects.toMatchObject({ code: 'forbidden' })
    expect(calls).toHaveLength(1)
    let answer = false
    stop = door.onEditQuestion(() => void (door.isEditQuestionOpen() && door.answerEditQuestion(answer)))
    await expect(call('registrations.remove', remove)).rejects.toMatchObject({ code: 'forbidden' })
    expect(calls).toHaveLength(2)
    // Said to be entered, and it was not: there is no second question.
    answer = true
    await expect(call('registrations.remove', remove)).rejects.toMatchObject({ code: 'forbidden' })
    expect(calls).toHaveLength(4)
  })
  it('is one question for several calls, and none is left waiting when the page goes', async () => {
    const { door, call } = await client()
    let questions = 0
    stop = door.onEditQuestion(() => {
      if (door.isEditQuestionOpen()) questions += 1
    })
    const both = [call('registrations.remove', remove), call('registrations.remove', { id: 'reg_github' })]
    await vi.waitFor(() => expect(door.isEditQuestionOpen()).toBe(true))
    stop()
    for (const one of await Promise.allSettled(both)) expect(one.status).toBe('rejected')
    expect(questions).toBe(1)
    expect(door.isEditQuestionOpen()).toBe(false)
  })
  it('knows the refusal by its way out, and takes no other for it', () => {
    const action = { text: 'Enter the passphrase.', command: 'latchkey unlock --editing' }
    expect(isEditRefusal(new LatchkeyError('forbidden', 'No.', { action }))).toBe(true)
    expect(isEditRefusal(new LatchkeyError('forbidden', 'No.', { action: { text: 'Ask the owner.' } }))).toBe(false)
    expect(isEditRefusal(new LatchkeyError('locked', 'No.', { action }))).toBe(false)
    expect(isEditRefusal(new Error('latchkey unlock --editing'))).toBe(false)
  })
  it('is refused by the host in just this way', async () => {
    const { createEditLock } = await import('../../../electron/services/edit-lock.ts')
    const lock = createEditLock({
      vault: {
        settings: { get: () => true, set: () => undefined },
        status: () => ({ state: 'unlocked', guards: ['passphrase'], reason: '', remedy: null }),
      } as unknown as Parameters<typeof createEditLock>[0]['vault'],
      passphrase: { check: async () => undefined },
      events: { on: () => () => undefined, emit: () => undefined },
      activity: { add: () => undefined } as unknown as Parameters<typeof createEditLock>[0]['activity'],
      clock: { now: () => 0 },
    })
    let thrown: unknown = null
    try {
      lock.enter('registrations.save')
    } catch (error) {
      thrown = error
    }
    const errors = await import('../../../shared/errors.ts')
    const { isEditRefusal: isRefusal } = await import('../../../renderer/edit-lock.ts')
    expect(thrown).toBeInstanceOf(errors.LatchkeyError)
    expect(isRefusal(thrown)).toBe(true)
  })
  it('answers nobody when nothing was asked', () => {
    stop = onEditQuestion(() => undefined)
    answerEditQuestion(true)
    expect(isEditQuestionOpen()).toBe(false)
  })
})
