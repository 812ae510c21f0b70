import { expect, it, onTestFinished } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { catalogueOf } from '../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import { createNetworkRoutes } from '../../../electron/services/network-routes.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import { requestInputSchema } from '../../../shared/contract.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { appParts } from '../../doubles/app-parts.ts'
import { account, noLog, registration, unlocked } from '../../unit/vault/support.ts'
import { definitionOf, newOAuth, provider, signIn } from './support.ts'

const noPractice = { ensureRunning: () => Promise.reject(new Error('not part of this test')) }
const caller = { kind: 'owner' as const }

/** An account of a provider with requests of its own, signed in, with the services that use it. */
async function connected(name: string) {
  const server = await provider()
  const clock = { now: () => Date.now() }
  const { vault } = await unlocked({ clock })
  const definition = definitionOf(name, server)
  const catalogue = catalogueOf({ [`${name}.json`]: definition })
  const events = createEventBus<LatchkeyEvent>()
  const oauth = newOAuth()
  const parts = { vault, clock, catalogue, events, oauth, logger: noLog, practice: noPractice }
  const activity = createActivity(parts)
  const routes = createNetworkRoutes({ ...parts, activity, egress: createEgress({ vault, activity }) })
  const clientSettings = createClientSettings({ ...parts, routes })
  const settings = (accountId: string) => clientSettings.forAccount(accountId)
  const accounts = createAccountService(parts)
  const tokens = createTokenService({ ...parts, activity, settings })
  const requests = createRequestService({
    ...parts,
    ...appParts({ ...parts, accounts, activity, clientSettings }),
    tokens,
    settings,
  })
  onTestFinished(() => requests.close())

  const [clientAuthentication = 'none'] = definition.client_authentication
  vault.registrations.save(
    registration({
      id: 'reg_own',
      providerId: name,
      clientId: server.clientId,
      clientAuthentication,
      variables: {},
      extraHosts: [],
      fallbackExpiry: null,
    }),
    clientAuthentication === 'none' ? null : server.clientSecret,
  )
  const granted = await signIn(await clientSettings.forRegistration('reg_own'), { oauth })
  vault.accounts.save(
    account({ id: 'acc_own', registrationId: 'reg_own', providerId: name, alias: 'own', trouble: null }),
  )
  vault.tokens.put('acc_own', granted.tokens)
  const get = (url: string) => requests.send('own', requestInputSchema.parse({ url }), caller)
  return { server, vault, tokens, accounts, requests, get, oauth, clientSettings }
}

it('[B6] Salesforce: the instance_url of the token answer is where relative requests go, and nobody else gets the token', async () => {
  const { get, server } = await connected('salesforce-template')
  const answer = await get('/services/data')
  expect(answer).toMatchObject({ status: 200, url: `${server.base}/salesforce/instance/services/data` })
  await expect(get('https://evil.example/')).rejects.toMatchObject({ code: 'destination_not_allowed' })
})

it('[B3] a permanent token is used without a refresh until it is refused, and then needs its person', async () => {
  const { get, server, accounts, vault } = await connected('salesforce-template')
  const before = vault.tokens.get('acc_own')
  expect(before).toMatchObject({ expiresAt: null })
  server.endAccessTokens()
  server.endRefreshTokens()
  await expect(get('/services/data')).rejects.toMatchObject({ code: 'reauth_required' })
  expect(accounts.view(accounts.resolve('own')).status.state).toBe('reauth_required')
})

it('[E9] [B6] refreshes through the token service, and what the answers held survives in the vault', async () => {
  const { tokens, vault, server } = await connected('foundry-template')
  const first = vault.tokens.get('acc_own')
  const { tokens: renewed, refreshed } = await tokens.fresh('acc_own', { force: true })
  expect(refreshed).toBe(true)
  expect(renewed.refreshToken).not.toBe(first?.refreshToken)
  expect(vault.tokens.get('acc_own')?.extra).toMatchObject({
    redirect_url: server.at('/foundry/token')[0]?.fields.redirect_uri,
  })
  await tokens.fresh('acc_own', { force: true })
  expect(server.at('/foundry/token')).toHaveLength(3)
})
