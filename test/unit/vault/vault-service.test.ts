import { describe, expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createVaultService, type VaultServiceParts } from '../../../electron/services/vault.ts'
import { type KeyGuard, KeyGuardUnavailable, type Vault } from '../../../electron/vault/ports.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { cheap, cheapGuard, locked, registration, settableClock, unlocked } from './support.ts'

/** A key store that answers without a person: the passphrase guard under another name. */
const automatic = (changes: Partial<KeyGuard> = {}): KeyGuard => ({
  ...cheapGuard('of the key store'),
  kind: 'safe-storage',
  ...changes,
})

function setUp(
  vault: Vault,
  automaticGuard: KeyGuard | null = null,
  options: Pick<VaultServiceParts, 'otherGuards' | 'passphraseFirst'> = {},
) {
  const clock = settableClock()
  const events = createEventBus<LatchkeyEvent>()
  const heard: string[] = []
  events.on((event) => heard.push(event.type === 'vault' ? event.state : event.type))
  const activity = createActivity({ vault, clock, events })
  const service = createVaultService({
    vault,
    automaticGuard,
    events,
    activity,
    onLock: async () => void heard.push(`onLock while ${vault.status().state}`),
    onUnlock: () => void heard.push(`onUnlock while ${vault.status().state}`),
    clock,
    scryptCost: cheap,
    ...options,
  })
  return { service, heard, clock, activity }
}

describe('opening without a person', () => {
  it('creates a new vault under the automatic guard, and unlocks it the next time', async () => {
    const { vault } = locked()
    const { service, heard } = setUp(vault, automatic())
    expect(await service.openAutomatically()).toMatchObject({ state: 'unlocked', guards: ['safe-storage'] })
    expect(heard).toEqual(['onUnlock while unlocked', 'activity', 'unlocked'])
    await service.lock('test')
    expect(await service.openAutomatically()).toMatchObject({ state: 'unlocked' })
    expect(await service.openAutomatically()).toMatchObject({ state: 'unlocked' })
    expect(vault.activity.list({ limit: 10 }).map((it) => it.summary)).toEqual([
      'The vault was unlocked.',
      'The vault was locked: test',
      'The vault was set up.',
    ])
  })

  it('says why it cannot, and what helps: no key store, a useless one, a broken one', async () => {
    const { vault } = locked()
    expect(await setUp(vault).service.openAutomatically()).toMatchObject({
      state: 'new',
      reason: 'No key store of this computer can be used here.',
      remedy: 'Choose a passphrase to protect the vault.',
    })
    const useless = automatic({
      wrap: async () => Promise.reject(new KeyGuardUnavailable('Only basic_text answers.', 'Start a keyring.')),
    })
    const { service, heard } = setUp(vault, useless)
    expect(await service.openAutomatically()).toMatchObject({
      state: 'new',
      reason: 'Only basic_text answers.',
      remedy: 'Start a keyring.',
    })
    expect(heard).toEqual(['new'])
    const broken = automatic({ wrap: async () => Promise.reject(new TypeError('defect')) })
    const status = await setUp(vault, broken).service.openAutomatically()
    expect(status).toMatchObject({ state: 'new', remedy: 'Choose a passphrase to protect the vault instead.' })
    expect(status.reason).not.toContain('defect')
  })

  it('opens again with the key store after a lock, without a passphrase', async () => {
    const { vault } = locked()
    const { service, heard } = setUp(vault, automatic())
    await service.openAutomatically()
    await service.lock('test')
    heard.length = 0
    expect(await service.unlock()).toMatchObject({ state: 'unlocked' })
    expect(heard).toEqual(['onUnlock while unlocked', 'activity', 'unlocked'])

    await service.lock('test')
    const gone = automatic({
      unwrap: async () => Promise.reject(new KeyGuardUnavailable('The keyring is locked.', 'Unlock the keyring.')),
    })
    await expect(setUp(vault, gone).service.unlock()).rejects.toMatchObject({
      code: 'locked',
      message: 'The keyring is locked.',
      details: { action: { text: 'Unlock the keyring.' } },
    })
    await expect(setUp(vault).service.unlock()).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'passphrase' },
    })
  })

  it('[F13] waits for a passphrase where one was named, although a key store answers', async () => {
    const { vault } = locked()
    const { service } = setUp(vault, automatic(), { passphraseFirst: true })
    expect(await service.openAutomatically()).toMatchObject({
      state: 'new',
      remedy: expect.stringContaining('passphrase'),
    })
    expect(await service.setup('correct horse')).toMatchObject({ state: 'unlocked', guards: ['passphrase'] })
  })

  it('[F13] another guard of the host opens a vault that has a slot of its kind, and makes none', async () => {
    const keyring = { ...cheapGuard('of the keyring'), kind: 'os-keyring' as const }
    const { vault } = await unlocked({ guard: keyring })
    vault.lock('test')
    const refusing = automatic({ unwrap: async () => Promise.reject(new KeyGuardUnavailable('locked', 'unlock it')) })
    const { service } = setUp(vault, refusing, { otherGuards: [keyring] })
    expect((await service.openAutomatically()).state).toBe('unlocked')
    await vault.keys.add(automatic())
    await service.lock('test')
    expect((await service.unlock()).state).toBe('unlocked')
    const fresh = locked().vault
    expect((await setUp(fresh, null, { otherGuards: [keyring] }).service.openAutomatically()).state).toBe('new')
  })

  it('[F13] a profile of the desktop opens headless with the passphrase, and back', async () => {
    const { vault, file } = locked()
    const keyStore = automatic()
    await setUp(vault, keyStore).service.openAutomatically()
    await vault.keys.add(cheapGuard())
    vault.registrations.save(registration(), 'client-secret-1')
    vault.close()

    const headless = locked({ file }).vault
    const there = setUp(headless, { ...cheapGuard('of the keyring'), kind: 'os-keyring' }).service
    expect(await there.openAutomatically()).toMatchObject({ state: 'locked', remedy: 'Enter the passphrase.' })
    expect((await there.unlock('correct horse')).state).toBe('unlocked')
    expect(headless.registrations.clientSecret('reg_1')).toBe('client-secret-1')
    headless.registrations.save(registration(), 'client-secret-2')
    headless.close()

    const desktop = locked({ file }).vault
    expect((await setUp(desktop, keyStore).service.openAutomatically()).state).toBe('unlocked')
    expect(desktop.registrations.clientSecret('reg_1')).toBe('client-secret-2')
  })

  it('leaves a vault with a passphrase to the person', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    const { service, heard } = setUp(vault, automatic())
    expect(await service.openAutomatically()).toMatchObject({
      state: 'locked',
      reason: 'The vault is protected by a passphrase.',
      remedy: 'Enter the passphrase.',
    })
    expect(heard).toEqual(['locked'])
  })

  it('a vault of the key store stays locked where there is none', async () => {
    const { vault } = await unlocked({ guard: automatic() })
    vault.lock('test')
    const { service } = setUp(vault)
    expect(await service.openAutomatically()).toMatchObject({
      state: 'locked',
      reason: expect.stringContaining('cannot be reached from here'),
      remedy: expect.stringContaining('Nothing was deleted'),
    })
    await expect(service.unlock('anything')).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'passphrase' },
    })
    expect((await setUp(vault, automatic()).service.openAutomatically()).state).toBe('unlocked')
  })
})

describe('with a passphrase', () => {
  it('sets up, locks and unlocks', async () => {
    const { vault } = locked()
    const { service, heard } = setUp(vault)
    expect(await service.setup('correct horse')).toMatchObject({ state: 'unlocked', guards: ['passphrase'] })
    await expect(service.setup('another one')).rejects.toMatchObject({ code: 'invalid_request' })
    expect(await service.lock('You locked it.')).toMatchObject({ state: 'locked', reason: 'You locked it.' })
    expect(await service.unlock('correct horse')).toMatchObject({ state: 'unlocked' })
    expect(heard).toEqual([
      ...['onUnlock while unlocked', 'activity', 'unlocked'],
      ...['onLock while unlocked', 'activity', 'locked'],
      ...['onUnlock while unlocked', 'activity', 'unlocked'],
    ])
  })

  it('a wrong one is an error of its field, not a change', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    const { service, heard } = setUp(vault)
    await expect(service.unlock('wrong')).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'passphrase' },
    })
    expect(service.status().state).toBe('locked')
    expect(heard).toEqual(['locked'])
    await expect(setUp(locked().vault).service.unlock('early')).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('wrong ones are answered ever more slowly, up to five minutes, until the right one', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    const { service, clock } = setUp(vault)
    const waits: number[] = []
    for (let n = 0; n < 11; n++) {
      await expect(service.unlock('wrong')).rejects.toMatchObject({ code: 'invalid_request' })
      const refused = await service.unlock('correct horse').catch((error) => error)
      expect(refused).toMatchObject({ code: 'rate_limited' })
      waits.push(refused.details.retry_after)
      clock.advance(refused.details.retry_after * 1000)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    expect((await service.unlock('correct horse')).state).toBe('unlocked')
    await service.lock('test')
    await expect(service.unlock('wrong')).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(service.unlock('wrong')).rejects.toMatchObject({ details: { retry_after: 1 } })
  })

  it('tries sent all at once are no way around that', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    const { service } = setUp(vault)
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => service.unlock(`wrong ${n}`)))
    const codes = answers.map((it) => (it.status === 'rejected' ? it.reason.code : 'opened'))
    expect(codes.filter((code) => code === 'invalid_request')).toHaveLength(1)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(19)
  })

  it('a lock while a passphrase is tried wins', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    const { service } = setUp(vault)
    const attempt = service.unlock('correct horse')
    await service.lock('The screen was locked.')
    await expect(attempt).rejects.toMatchObject({ code: 'locked' })
    expect(service.status().state).toBe('locked')
  })

  it.each(['onLock', 'beforeLock', 'activity'])('locks even when %s fails, and says that it failed', async (step) => {
    const { vault } = await unlocked()
    const { activity } = setUp(vault)
    const events = createEventBus<LatchkeyEvent>()
    const heard: unknown[] = []
    events.on((event) => heard.push(event))
    const failing = (name: string) => {
      if (name === step) throw new Error(`${name} failed`)
    }
    const service = createVaultService({
      vault,
      automaticGuard: null,
      events,
      activity: { ...activity, add: () => failing('activity') },
      onLock: async () => failing('onLock'),
      beforeLock: () => failing('beforeLock'),
      onUnlock: () => undefined,
    })
    await expect(service.lock('test')).rejects.toThrow(`${step} failed`)
    expect(vault.status().state).toBe('locked')
    expect(heard).toEqual([{ type: 'vault', state: 'locked' }])
  })
})

describe('activity', () => {
  const entry = {
    kind: 'request' as const,
    account_id: null,
    provider_id: null,
    actor: 'cli',
    summary: 'x',
    detail: {},
  }

  it('is written with the time, announced, and redacted once more', async () => {
    const { vault } = await unlocked()
    const { activity, heard } = setUp(vault)
    activity.add({
      ...entry,
      summary: 'Sent Bearer canary to the API.',
      detail: { url: 'http://127.0.0.1/cb?code=canary', refresh_token: 'canary', code: 'invalid_grant', status: 400 },
    })
    const [written] = activity.list({ limit: 5 })
    expect(written).toMatchObject({ kind: 'request', at: '2026-01-01T00:00:00.000Z', actor: 'cli' })
    expect(written?.detail).toMatchObject({ code: 'invalid_grant', status: 400 })
    expect(JSON.stringify(written)).not.toContain('canary')
    expect(heard).toEqual(['activity'])
  })

  it('is left out while the vault is locked, and reading it answers locked', async () => {
    const { vault } = locked()
    const { activity, heard } = setUp(vault)
    activity.add(entry)
    expect(heard).toEqual([])
    expect(() => activity.list({ limit: 1 })).toThrow(expect.objectContaining({ code: 'locked' }))
  })
})
