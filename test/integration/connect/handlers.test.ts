import { expect, it, onTestFinished } from 'vitest'
import { createDynamicRegistration } from '../../../electron/oauth/dynamic-registration.ts'
import { createMetadataReader } from '../../../electron/oauth/metadata.ts'
import { createRevocationSupport } from '../../../electron/oauth/revocation-support.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { createAudit } from '../../../electron/services/audit.ts'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import { createHandlers } from '../../../electron/services/handlers.ts'
import { createNetworkRoutes } from '../../../electron/services/network-routes.ts'
import { createPracticeService } from '../../../electron/services/practice/service.ts'
import { createRecordServices } from '../../../electron/services/records.ts'
import { createRegistrationService } from '../../../electron/services/registrations.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import { createTemplatePreview } from '../../../electron/services/template-preview.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import { createValidationService } from '../../../electron/services/validation.ts'
import { createVaultService } from '../../../electron/services/vault.ts'
import { createWebhookService } from '../../../electron/services/webhooks/service.ts'
import type { Account, Activity, Flow, Registration } from '../../../shared/models.ts'
import { world } from './world.ts'

/** Every service behind the one door, as the page and the command line meet them. */
async function house() {
  const parts = await world()
  const settings = (accountId: string) => parts.clientSettings.forAccount(accountId)
  const tokens = createTokenService({ ...parts, settings })
  const requests = createRequestService({ ...parts, settings, tokens })
  onTestFinished(() => requests.close())
  const audit = createAudit(parts)
  onTestFinished(() => audit.close())
  const egress = createEgress(parts)
  const routes = createNetworkRoutes({ ...parts, egress })
  const registrations = createRegistrationService(parts)
  const network = createNetwork()
  onTestFinished(() => network.close())
  const way = { network, clock: parts.clock }
  const handlers = createHandlers({
    ...parts,
    network: { routes, egress },
    webhooks: createWebhookService({ ...parts, egress, network, listener: () => null }),
    custom: {
      validation: createValidationService({ ...parts, tokens }),
      templates: createTemplatePreview({ ...parts, network }),
    },
    records: createRecordServices({
      ...parts,
      egress,
      routes,
      tokens,
      registrations,
      readMetadata: createMetadataReader(way),
      registerClient: createDynamicRegistration(way),
      canRevoke: createRevocationSupport(way),
    }),
    tokens,
    requests,
    apps: parts.all,
    audit,
    registrations,
    // The methods of the vault have tests of their own, on the whole host.
    protection: {} as Parameters<typeof createHandlers>[0]['protection'],
    practice: createPracticeService(parts),
    vaultService: createVaultService({
      ...parts,
      automaticGuard: null,
      onLock: () => parts.connect.cancelAll(),
      onUnlock: () => tokens.recover(),
    }),
    appInfo: () => ({
      name: 'Latchkey',
      version: '0.0.0',
      host: 'headless',
      platform: 'test',
      profile: '/profile',
      http: null,
      socket: null,
    }),
  })
  const dispatch = createDispatch(handlers)
  const call = <T>(method: string, input?: unknown) => dispatch(method, input, { kind: 'page' }) as Promise<T>
  return { ...parts, call }
}

it('[A1] [A2] leads a whole life of a registration and an account through the contract', async () => {
  const { call, answerOf, server } = await house()
  expect(await call('app.info')).toMatchObject({ name: 'Latchkey' })
  expect(await call('vault.status')).toMatchObject({ state: 'unlocked' })
  expect(await call('providers.list')).toMatchObject([{ id: 'test', needs_registration: true }])
  expect(await call('practice.get')).toMatchObject({ running: false })
  const registration = await call<Registration>('registrations.save', {
    provider_id: 'test',
    name: 'Second',
    client_id: server.clientId,
    client_authentication: 'none',
    scopes: ['openid profile offline_access'],
  })

  const flow = await call<Flow>('connect.start', { registration: registration.id, via: 'paste', alias: 'mine' })
  const answer = await answerOf(flow, { user: 'ada' })
  const done = await call<Flow>('connect.paste', { flow: flow.id, url: answer.href })
  expect(done.state).toBe('completed')
  expect(await call('connect.get', { flow: flow.id })).toEqual(done)
  expect(await call('accounts.list')).toMatchObject([{ alias: 'mine', status: { state: 'active' } }])

  expect(await call('accounts.expire', { account: 'mine' })).toMatchObject({ status: { state: 'expired' } })
  const refreshed = await call<Account>('accounts.refresh', { account: 'mine' })
  expect(refreshed).toMatchObject({ status: { state: 'active' }, token: { expiry_source: 'expires_in' } })
  expect(server.refreshes()).toBe(1)
  expect(await call('accounts.inspect', { account: 'mine' })).toMatchObject({ account_id: refreshed.id })
  expect(await call('accounts.rename', { account: 'mine', alias: 'ours' })).toMatchObject({ alias: 'ours' })
  expect(await call('accounts.reset', { account: 'ours' })).toMatchObject({ token: null })

  const log = await call<Activity[]>('activity.list', { account: 'ours', limit: 10 })
  expect(log.map(({ kind }) => kind)).toEqual(['reset', 'renamed', 'refreshed', 'expired', 'connected'])
  expect(await call('accounts.remove', { account: 'ours' })).toEqual({})
  expect(await call('registrations.remove', { id: registration.id })).toEqual({})
  expect(await call('accounts.list')).toEqual([])
})

it('[F6] revokes the grants of a registration before it goes', async () => {
  const { call, connectAs, revocations } = await house()
  await connectAs('ada')
  await connectAs('grace')
  await call('registrations.remove', { id: 'reg_test' })
  expect(revocations.length).toBe(2)
  expect(await call('accounts.list')).toEqual([])
})

it('ends the sign-ins under way when the vault is locked', async () => {
  const { call, start, connect } = await house()
  const flow = await start()
  expect(await call('vault.lock')).toMatchObject({ state: 'locked' })
  expect(connect.get(flow.id).failure?.code).toBe('locked')
  await expect(call('accounts.list')).rejects.toMatchObject({ code: 'locked' })
  await expect(call('connect.start', { provider: 'test' })).rejects.toMatchObject({ code: 'locked' })
})
