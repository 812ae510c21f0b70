import { describe, expect, it } from 'vitest'
import { webhookSettingsSchema } from '../../../shared/contract-webhooks.ts'
import { world } from '../../integration/webhooks/world.ts'

const hmac = { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', header: 'X-Signature' }

describe('[D6] an endpoint whose settings would let anybody in cannot be made', () => {
  it.each<[string, string, Record<string, unknown>, string | undefined]>([
    ['no secret', 'secret', hmac, undefined],
    ['an empty secret', 'secret', hmac, ' '],
    ['a token without a secret', 'secret', { kind: 'token', header: 'X-Token' }, undefined],
    ['a signature without the body', 'settings.verification.signed', { ...hmac, signed: '{header:X-Id}' }, 'x'],
    ['a time that is not signed', 'settings.verification.signed', { ...hmac, timestamp: { header: 'X-Time' } }, 'x'],
    ['a tolerance without a time', 'settings.verification.timestamp', { ...hmac, tolerance: 300 }, 'x'],
    ['an unknown placeholder', 'settings.verification.signed', { ...hmac, signed: '{body}{secret}' }, 'x'],
    [
      'keys over plain http',
      'settings.verification.jwks_uri',
      { kind: 'jwt', jwks_uri: 'http://keys.example.com/', issuer: 'i', audience: 'a' },
      undefined,
    ],
  ])('%s', async (_, field, verification, secret) => {
    const { save, webhooks } = await world()
    const settings = webhookSettingsSchema.parse({ verification })
    await expect(save({ settings, secret })).rejects.toMatchObject({ code: 'invalid_request', details: { field } })
    expect(webhooks.endpoints()).toEqual([])
  })
})

it('[D6] the secret of an endpoint cannot be taken away while it is needed', async () => {
  const { save, vault } = await world()
  const { id } = await save({ preset: 'github', secret: 'kept' })
  await expect(save({ id, preset: 'github', secret: '' })).rejects.toMatchObject({ details: { field: 'secret' } })
  expect(vault.webhooks.secret(id)).toBe('kept')
})
