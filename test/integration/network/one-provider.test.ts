import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import { createNetworkRoutes } from '../../../electron/services/network-routes.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import { requestInputSchema } from '../../../shared/contract.ts'
import { networkRouteInputSchema } from '../../../shared/contract-network.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { appParts } from '../../doubles/app-parts.ts'
import { type Authority, createAuthority, hasOpenssl } from '../../doubles/authority.ts'
import { startHttpProxy, startSocks5Proxy } from '../../doubles/proxies.ts'
import { account, noLog, registration, tokens, unlocked } from '../../unit/vault/support.ts'
import { network, startTlsServer } from './support.ts'

const page = { kind: 'page' } as const
const login = 'https://login.corp.test'

/** An account at a provider whose names exist only inside its private network, and the services around it. */
async function world() {
  const clock = { now: () => Date.now() }
  const { vault } = await unlocked({ clock })
  const catalogue = loadCatalogue()
  const events = createEventBus<LatchkeyEvent>()
  const activity = createActivity({ vault, clock, events })
  const egress = createEgress({ vault, activity })
  const routes = createNetworkRoutes({ vault, catalogue, egress, events, activity })
  const clientSettings = createClientSettings({
    vault,
    catalogue,
    routes,
    practice: { ensureRunning: () => Promise.reject(new Error('not here')) },
  })
  const oauth = createOAuth({ network: network(), clock })
  const settings = (id: string) => clientSettings.forAccount(id)
  const parts = { vault, clock, events, activity, logger: noLog, settings, oauth }
  const service = createTokenService(parts)
  const requests = createRequestService({
    ...parts,
    ...appParts({ ...parts, catalogue, clientSettings, accounts: createAccountService({ vault, catalogue, clock }) }),
    tokens: service,
  })
  onTestFinished(() => requests.close())
  const variables = { issuer: login, api_base_url: 'https://api.corp.test' }
  const record = registration({ providerId: 'openid-connect', clientAuthentication: 'none', extraHosts: [], variables })
  vault.registrations.save(record, null)
  vault.accounts.save(account({ providerId: 'openid-connect', alias: 'corp' }))
  vault.tokens.put('acc_1', tokens({ idToken: null, expiresAt: 1000 }))
  const get = () => requests.send('corp', requestInputSchema.parse({ url: '/me' }), page)
  return { vault, egress, routes, oauth, settings, service, get }
}

const metadata = JSON.stringify({
  issuer: login,
  authorization_endpoint: `${login}/authorize`,
  token_endpoint: `${login}/token`,
  revocation_endpoint: `${login}/revoke`,
  response_types_supported: ['code'],
})

describe.skipIf(!hasOpenssl)('one provider inside a private network', () => {
  let authority: Authority
  beforeAll(() => {
    authority = createAuthority()
  })
  afterAll(() => authority.close())

  it.each([
    ['HTTP', startHttpProxy],
    ['SOCKS5', startSocks5Proxy],
  ])('[E8] every one of its requests goes through its %s proxy, with its CA and certificate', async (_, start) => {
    const json = { 'content-type': 'application/json' }
    const server = await startTlsServer(authority, 'login.corp.test', {
      clientCertificate: true,
      answer: ({ url }, response) => {
        response.writeHead(200, json)
        if (url.startsWith('/.well-known/')) response.end(metadata)
        else if (url === '/token') response.end('{"access_token":"access-2","token_type":"Bearer","expires_in":3600}')
        else response.end('{}')
      },
    })
    const api = await startTlsServer(authority, 'api.corp.test', { clientCertificate: true })
    const inside = { 'login.corp.test:443': server.port, 'api.corp.test:443': api.port }
    const proxy = await start({ network: inside, credentials: 'ada:secret of the proxy' })
    onTestFinished(() => proxy.close())
    const { routes, get, oauth, settings, vault } = await world()
    const client = authority.issue('latchkey-client')
    const saved = routes.save(
      networkRouteInputSchema.parse({
        provider_id: 'openid-connect',
        proxy: proxy.url,
        proxy_username: 'ada',
        proxy_password: 'secret of the proxy',
        ca_bundle: authority.certificate,
        certificate: client.certificate,
        private_key: client.privateKey,
      }),
      page,
    )
    expect(saved).toMatchObject({ has_proxy_password: true, has_private_key: true })
    expect(JSON.stringify(routes.list())).not.toContain('secret of the proxy')

    expect(await get()).toMatchObject({ status: 200, refreshed: true })
    const kept = vault.tokens.get('acc_1')
    expect(kept?.accessToken).toBe('access-2')
    expect(
      await oauth.revoke(await settings('acc_1'), kept ?? tokens(), { signal: new AbortController().signal }),
    ).toBe(true)

    expect(server.received.map(({ url }) => url)).toEqual(['/.well-known/openid-configuration', '/token', '/revoke'])
    expect(api.received).toMatchObject([{ url: '/me', headers: { authorization: 'Bearer access-2' } }])
    expect([...server.received, ...api.received].every((it) => it.client === 'latchkey-client')).toBe(true)
    expect([...new Set(proxy.asked)].sort()).toEqual(['api.corp.test:443', 'login.corp.test:443'])
  })

  it('[E7] its token endpoint has to be permitted: otherwise nothing is sent, and the host is named', async () => {
    const { egress, get, vault } = await world()
    egress.allow(['login.example.com'], page)
    const refused = { code: 'destination_not_allowed', message: expect.stringContaining('login.corp.test') }
    await expect(get()).rejects.toMatchObject({
      ...refused,
      details: { action: { text: expect.stringContaining('login.corp.test') } },
    })
    // The grant is as it was: nothing counts as lost, and no new sign-in is asked for.
    expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-1')
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
    expect(vault.accounts.get('acc_1')?.trouble).toBeNull()
    egress.allow(['*.corp.test'], page)
    await expect(get()).rejects.not.toMatchObject({ code: 'destination_not_allowed' })
  })
})
