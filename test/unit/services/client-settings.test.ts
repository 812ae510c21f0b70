import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { plainRoutes } from '../../doubles/plain-routes.ts'
import { account, registration, unlocked } from '../vault/support.ts'

async function world() {
  const { vault } = await unlocked()
  let started = 0
  const practice = {
    ensureRunning: async () => {
      started++
      return { issuer: 'http://127.0.0.1:7', apiBaseUrl: 'http://127.0.0.1:7', clientId: 'built-in' }
    },
  }
  const settings = createClientSettings({ vault, catalogue: loadCatalogue(), practice, routes: plainRoutes })
  return { vault, settings, started: () => started }
}

describe('client settings', () => {
  it('hold the registration with its secret and the defaults of its provider', async () => {
    const { vault, settings, started } = await world()
    const microsoft = loadCatalogue().get('microsoft')
    vault.registrations.save(registration({ providerId: 'microsoft', variables: {} }), 'secret-1')
    const found = await settings.forRegistration('reg_1')
    expect(found).toMatchObject({ clientId: 'client-1', clientSecret: 'secret-1', fallbackExpiry: 3600 })
    expect(found.definition).toEqual(microsoft)
    for (const { name, default: value } of microsoft.variables) {
      if (value !== null) expect(found.variables[name]).toBe(value)
    }
    expect(started()).toBe(0)
  })

  it('start the practice provider and say where it is today', async () => {
    const { vault, settings, started } = await world()
    vault.registrations.save(registration({ variables: { issuer: 'http://127.0.0.1:1' } }), undefined)
    vault.accounts.save(account())
    const found = await settings.forAccount('acc_1')
    expect(found).toMatchObject({ clientId: 'built-in', clientSecret: null })
    expect(found.variables).toEqual({ issuer: 'http://127.0.0.1:7', api_base_url: 'http://127.0.0.1:7' })
    expect(started()).toBe(1)
  })

  it('say what is missing', async () => {
    const { vault, settings } = await world()
    await expect(settings.forRegistration('reg_9')).rejects.toMatchObject({ code: 'not_found' })
    await expect(settings.forAccount('acc_9')).rejects.toMatchObject({ code: 'not_found' })
    vault.lock('for the test')
    await expect(settings.forRegistration('reg_1')).rejects.toMatchObject({ code: 'locked' })
  })
})
