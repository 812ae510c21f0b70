import { createHmac, generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import { signInAt } from '../../../electron/services/practice/person.ts'
import type { AuthorizationServer } from '../../doubles/authorization-server.ts'
import { passphrase } from '../whole/host.ts'
import type { Call, Document } from './contract-document.ts'
import type { Answer } from './world.ts'

/** The keys, and what there is to call about. */
export interface Stage {
  document: Document
  owner: string
  /** Of an app that may do everything with Ada's account. */
  app: string
  appId: string
  server: AuthorizationServer
  /** A call by its operation; it has to be answered well. */
  good(id: string, options?: Partial<Call>): Promise<Answer>
}

const ada = { account: 'practice:ada' }

/** Latchkey itself, and reading all there is. */
export async function latchkey({ good, app }: Stage): Promise<void> {
  await good('health', { key: null })
  await good('status')
  await good('openapi')
  await good('openapi', { key: app })
  await good('page.link')
  await good('practice.get')
  await good('practice.configure', { body: { access_token_lifetime: 300 } })
  await good('validation.get')
  await good('validation.configure', { body: { interval_minutes: 60 } })
  await good('activity.list', { query: { limit: '500' } })
  await good('activity.list', { query: { account: 'practice:ada', outcome: 'ok', right: 'request' } })
  await good('activity.export')
  await good('activity.limits')
  await good('activity.limit', { body: { max_days: 30, max_entries: 5000 } })
  // The stream begins with what its reader does not know: `reset`.
  await good('events', { headers: { 'last-event-id': 'of another start' } })
  await good('events', { key: app, headers: { 'last-event-id': 'of another start' } })
}

export async function pairing({ good, document, owner }: Stage): Promise<void> {
  const wants = [{ ...ada, rights: ['see', 'request'], methods: ['GET'], path_prefix: '/api' }]
  const ask = () => good('pair', { key: null, body: { name: 'Backup', purpose: 'Copies it.', wants } })
  const { json } = await ask()
  const look = () => good('pair.look', { key: json.secret, path: { id: json.id } })
  await look()
  await good('asks.list')
  await good('asks.get', { path: { ask: json.code } })
  const permissions = [{ ...ada, rights: ['see', 'request'], until: '2999-01-01T00:00:00Z' }]
  await good('asks.approve', { path: { ask: json.code }, body: { name: 'My backup', permissions, idle_days: 30 } })
  const { key, app_id: id } = (await look()).json
  await good('app', { key })
  const denied = (await ask()).json
  await good('asks.deny', { path: { ask: denied.code } })
  await good('pair.look', { key: denied.secret, path: { id: denied.id } })

  await good('apps.list')
  await good('apps.get', { path: { app: id } })
  await good('apps.change', {
    path: { app: 'My backup' },
    body: { name: 'Renamed', expires_at: '2999-01-01T00:00:00Z' },
  })
  const added = await good('permissions.add', { path: { app: id }, body: { account: null, rights: ['connect'] } })
  const permission = { id: added.json.permissions[0].id }
  await good('permissions.change', { path: permission, body: { ...ada, rights: ['see'] } })
  await good('permissions.withdraw', { path: permission })
  // Asks the person, who finds it with what the system says of the program.
  await document.call('accounts.token', { key, path: ada, body: {} })
  await good('asks.list')
  await good('apps.revoke', { path: { app: id } })
  await document.call('app', { key })
  await document.call('app', { key: owner })
}

export async function accounts({ good, app }: Stage): Promise<void> {
  for (const key of [undefined, app]) {
    const as = key === undefined ? {} : { key }
    await good('accounts.list', as)
    await good('accounts.get', { ...as, path: ada })
    await good('accounts.inspect', { ...as, path: ada })
    await good('accounts.token', { ...as, path: ada, body: { min_validity: 10 } })
    await good('requests.send', { ...as, path: ada, body: { url: '/api/me' } })
    await good('requests.send', { ...as, path: ada, body: { method: 'POST', url: '/api/echo', body_base64: 'AAEC' } })
    for (const method of ['get', 'head', 'post', 'put', 'patch', 'delete']) {
      const sends = method === 'post' || method === 'put' || method === 'patch'
      const body = sends ? { headers: { 'content-type': 'text/plain' }, body: 'x' } : {}
      await good(`proxy.${method}`, { ...as, path: { ...ada, target: 'api/echo?x=1' }, ...body })
    }
    await good('accounts.rename', { ...as, path: ada, body: { alias: 'practice:ada' } })
    for (const call of ['refresh', 'validate', 'expire', 'disable', 'enable']) {
      await good(`accounts.${call}`, { ...as, path: ada })
    }
  }
  await good('accounts.list', { query: { limit: '1' } })
  for (const action of ['reset', 'revoke', 'remove']) await good('accounts.effects', { path: ada, query: { action } })
  await good('accounts.usage', { path: ada, query: { days: '7' } })
}

/** Runs before `endings`: needs two accounts. */
export async function requestsByHost({ good, app }: Stage): Promise<void> {
  const host = new URL((await good('practice.get')).json.api_base_url).host
  await good('bindings.save', { body: { host, ...ada } })
  await good('bindings.list')
  await good('requests.send_to_host', { body: { url: `http://${host}/api/me` } })
  await good('requests.send_to_host', { key: app, body: { url: '/api/me', ...ada } })
  await good('bindings.remove', { path: { host } })
}

export async function signIns({ good }: Stage): Promise<void> {
  const start = async (body: object) => (await good('connect.start', { body: { via: 'paste', ...body } })).json
  const answer = async (
    { id, authorization_url: url }: { id: string; authorization_url: string },
    user: 'ada' | 'grace',
  ) =>
    (await good('connect.paste', { path: { id }, body: { url: (await signInAt(url, { user, approve: true })).href } }))
      .json
  const grace = await start({ provider: 'practice' })
  await good('connect.get', { path: { id: grace.id } })
  await answer(grace, 'grace')
  const given = await start({ provider: 'practice' })
  await good('connect.cancel', { path: { id: given.id } })
  // Somebody else than the account belongs to.
  const other = await answer(await start({ account: 'practice:ada' }), 'grace')
  await good('connect.decide', { path: { id: other.id }, body: { choice: 'discard' } })
}

/** Definitions, registrations, and what travels where, with an authorization server that is not built in. */
export async function records({ good, server, app }: Stage): Promise<void> {
  await good('providers.list')
  await good('providers.list', { key: app })
  const definition = JSON.parse(
    JSON.stringify(server.definition({ sign_in: { via: 'browser', reason: 'For the test.' }, evidence: 'unverified' })),
  )
  await good('providers.check', { body: definition })
  await good('providers.save', { body: definition })
  await good('network.save', { body: { provider_id: 'test', private_network: true } })
  await good('network.routes')
  await good('network.egress')
  await good('network.allow', { body: { hosts: ['127.0.0.1', 'example.com'] } })
  await good('network.allow', { body: { hosts: null } })
  await good('providers.get', { path: { id: 'test' } })
  await good('providers.duplicate', { path: { id: 'test' }, body: { new_id: 'copy' } })
  const { document } = (await good('providers.export', { body: { providers: ['copy'], registrations: true } })).json
  await good('providers.remove', { path: { id: 'copy' } })
  await good('providers.import', { body: { document } })
  await good('providers.discover', { body: { issuer: server.issuer, private_network: true } })
  for (const call of ['preview', 'dry_run']) {
    await good(`templates.${call}`, { body: { definition: written('google-template'), request: 'token' } })
  }
  await good('templates.read_answer', { body: { body: '{"access_token":"x","expires_in":"60","scope":"a b"}' } })

  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const file = {
    type: 'service_account',
    client_email: 'robot@project.iam.gserviceaccount.example',
    private_key_id: 'key-1',
    private_key: key.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: 'https://oauth2.googleapis.com/token',
  }
  await good('registrations.from_service_account', { body: { json: JSON.stringify(file) } })
  const registered = await good('registrations.register', {
    body: { provider_id: 'test', name: 'By itself', scopes: ['openid'] },
  })
  const path = { id: registered.json.id }
  await good('registrations.list')
  const saved = await good('registrations.save', {
    body: {
      provider_id: 'test',
      name: 'By hand',
      client_id: server.clientId,
      client_authentication: 'none',
      scopes: ['openid'],
    },
  })
  await good('registrations.duplicate', { path, body: { name: 'Second' } })
  await good('registrations.effects', { path, query: { action: 'revoke' } })
  for (const call of ['disable', 'enable', 'reset', 'revoke']) await good(`registrations.${call}`, { path })
  await good('registrations.remove', { path: { id: saved.json.id } })
  await good('network.remove', { path: { provider: 'test' } })
}

export async function webhooks({ good }: Stage): Promise<void> {
  await good('webhooks.presets')
  const body = { name: 'Mine', preset: 'github', secret: 's3cret' }
  const { id, url } = (await good('webhooks.save', { body })).json
  const event = '{"action":"opened","repository":{"full_name":"octo/hello"}}'
  const signature = `sha256=${createHmac('sha256', 's3cret').update(event).digest('hex')}`
  const sent = { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-hub-signature-256': signature }
  await fetch(url, { method: 'POST', body: event, headers: sent })
  await good('webhooks.endpoints')
  const [delivery] = (await good('webhooks.deliveries', { query: { endpoint: id } })).json
  await good('webhooks.delivery', { path: { id: delivery.id } })
  await good('webhooks.redeliver', { path: { id: delivery.id } })
  await good('webhooks.remove', { path: { id } })
}

/** What ends something, last. */
export async function endings({ good, document, owner, app }: Stage): Promise<void> {
  await good('accounts.reset', { key: app, path: ada })
  // Of what is refused from now on, the account tells why.
  await document.call('accounts.token', { key: owner, path: ada, body: {} })
  await document.call('requests.send', { key: app, path: ada, body: { url: '/api/me' } })
  await document.call('proxy.get', { key: owner, path: { ...ada, target: 'api/me' } })
  await good('accounts.revoke', { path: { account: 'practice:grace' } })
  await good('accounts.remove', { path: { account: 'practice:grace' } })
  await good('vault.lock')
  await document.call('accounts.list', { key: owner })
  await document.call('accounts.token', { key: owner, path: ada, body: {} })
  await good('vault.unlock', { body: { passphrase } })
}

const written = (name: string): unknown =>
  JSON.parse(fs.readFileSync(new URL(`../../fixtures/definitions/${name}.json`, import.meta.url), 'utf8'))
