import type { Bridge, Input, Method, Output } from '../../../shared/contract.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Account, AppInfo, Flow, LatchkeyEvent, Registration, VaultStatus } from '../../../shared/models.ts'
import { toResult } from '../../../shared/result.ts'
import { fakeApps } from './fake-apps.ts'
import { activityOf, inspectionOf, makeAccount, manyAccounts, mixed, providers, registrations } from './fake-data.ts'
import { effectsOf } from './fake-effects.ts'
import { plain } from './fake-plain.ts'
import { fakeVault, type VaultLook } from './fake-vault.ts'

export interface Scenario {
  accounts: 'none' | 'one' | 'mixed' | number
  vault?: 'new' | 'locked' | 'unlocked'
  protection?: VaultLook
  host?: AppInfo['host']
  /** How a sign-in goes on after it was started. */
  flow?: 'waits' | 'fails' | 'completes' | 'decision'
  registrations?: 'none'
  /** Paired programs; 'some' come with asks. */
  apps?: 'none' | 'some' | number
}

type Fake = { [M in Method]: (input: Input<M>) => Output<M> | Promise<Output<M>> }

function vaultIn(state: VaultStatus['state']): VaultStatus {
  if (state === 'new') {
    return {
      state,
      guards: [],
      reason: 'The key store of this system would keep the key unencrypted (backend basic_text).',
      remedy: 'Choose a passphrase to protect the vault instead.',
    }
  }
  if (state === 'locked') {
    return {
      state,
      guards: ['passphrase'],
      reason: 'The vault is protected by a passphrase.',
      remedy: 'Enter the passphrase.',
    }
  }
  return {
    state,
    guards: ['safe-storage'],
    reason: 'The key store of this system (gnome-libsecret) keeps the key of the vault.',
    remedy: null,
  }
}

/** The contract in memory, for looking at the page and for its tests. */
export function createFakeBridge(scenario: Scenario): Bridge & { askAgain(): void } {
  const listeners = new Set<(event: unknown) => void>()
  const emit = (event: LatchkeyEvent) => {
    for (const listener of listeners) listener(event)
  }
  const seeds =
    scenario.accounts === 'none'
      ? []
      : scenario.accounts === 'one'
        ? [
            {
              id: 'a1',
              alias: 'practice:ada',
              provider: 'practice',
              state: 'active' as const,
              left: 212,
              life: 300,
              email: 'ada@practice.example',
            },
          ]
        : scenario.accounts === 'mixed'
          ? mixed
          : manyAccounts(scenario.accounts)
  let accounts: Account[] = seeds.map(makeAccount)
  let vault = vaultIn(scenario.vault ?? 'unlocked')
  let clients: Registration[] = scenario.registrations === 'none' ? [] : registrations
  let lifetime = 300
  let tries = 0
  let flow: Flow | null = null
  let activity = activityOf(accounts)

  const find = (id: string): Account => {
    const found = accounts.find((account) => account.id === id)
    if (!found) throw new LatchkeyError('not_found', 'There is no such account.')
    return found
  }
  const findClient = (id: string): Registration => {
    const found = clients.find((it) => it.id === id)
    if (!found) throw new LatchkeyError('not_found', 'There is no such registration.')
    return found
  }
  const replaceClient = (client: Registration): Registration => {
    clients = clients.map((it) => (it.id === client.id ? client : it))
    emit({ type: 'registration', registration_id: client.id })
    return client
  }
  const replace = (account: Account): Account => {
    accounts = accounts.map((it) => (it.id === account.id ? account : it))
    emit({ type: 'account', account_id: account.id, state: account.status.state })
    return account
  }
  const setVault = (state: VaultStatus['state']): VaultStatus => {
    vault = { ...vaultIn(state), guards: protection.guards() }
    emit({ type: 'vault', state })
    return vault
  }
  const setFlow = (change: Partial<Flow>): Flow => {
    if (!flow) throw new LatchkeyError('not_found', 'There is no such sign-in.')
    flow = { ...flow, ...change }
    emit({ type: 'flow', flow_id: flow.id, state: flow.state })
    return flow
  }
  const renewed = (account: Account): Account =>
    makeAccount({ id: account.id, alias: account.alias, provider: account.provider_id, state: 'active', left: 3600 })

  function go(): void {
    const steps = [...(flow?.steps ?? [])]
    if (scenario.flow === 'fails') {
      const failure = {
        code: 'access_denied' as const,
        message:
          'The sign-in was refused at the provider: you, or someone who manages the account, said no (access_denied).',
        remedy: 'Try again and allow what is asked for, or ask for fewer permissions.',
      }
      const step = {
        at: new Date().toISOString(),
        text: 'The provider answered access_denied',
        ok: false,
        source: 'RFC 6749 4.1.2.1',
      }
      setFlow({ state: 'failed', failure, steps: [...steps, step], ended_at: new Date().toISOString() })
    } else if (scenario.flow === 'decision') {
      setFlow({
        state: 'needs_decision',
        decision: { expected: 'ada@practice.example', found: 'grace@practice.example' },
      })
    } else if (scenario.flow === 'completes') complete()
  }
  function complete(): Flow {
    const provider = flow?.provider_id ?? 'practice'
    const account = makeAccount({
      id: 'new',
      alias: `${provider}:ada`,
      provider,
      state: 'active',
      left: 300,
      life: 300,
    })
    accounts = [...accounts.filter((it) => it.id !== 'new'), account]
    activity = activityOf(accounts)
    emit({ type: 'account', account_id: 'new', state: 'active' })
    return setFlow({ state: 'completed', account_id: 'new', ended_at: new Date().toISOString() })
  }

  const protection = fakeVault({
    look: scenario.protection ?? 'both',
    accounts: () => accounts,
    lock: () => setVault('locked'),
  })
  if (scenario.protection !== undefined && vault.state !== 'new') {
    const broken = {
      reason: 'The keyring is locked, and nothing here can ask for its password.',
      remedy: 'Unlock the keyring, for example by signing in to the desktop, and try again. Or use a passphrase.',
    }
    const failed = scenario.protection === 'broken key store' && vault.state === 'locked'
    vault = { ...vault, guards: protection.guards(), ...(failed ? broken : {}) }
  }

  const { askAgain, ...apps } = fakeApps({
    apps: scenario.apps ?? 'none',
    accounts: () => accounts,
    activity: () => activity,
    emit,
  })

  const fake: Fake = {
    ...apps,
    ...protection.methods,
    'app.info': () => ({
      name: 'Latchkey',
      version: '0.1.0',
      host: scenario.host ?? 'desktop',
      platform: 'linux',
      profile: '/home/ada/.config/latchkey',
      http: 'http://127.0.0.1:47321',
      socket: '/run/user/1000/latchkey/latchkey.sock',
    }),
    'vault.status': () => vault,
    'vault.setup': () => setVault('unlocked'),
    'vault.unlock': ({ passphrase }) => {
      tries += 1
      if (passphrase === 'correct horse battery') return setVault('unlocked')
      if (tries > 1)
        throw new LatchkeyError('rate_limited', 'Too many tries with a wrong passphrase.', { retry_after: 8 })
      throw new LatchkeyError('invalid_request', 'The passphrase does not open this vault. Check it and try again.', {
        field: 'passphrase',
      })
    },
    'vault.lock': () => setVault('locked'),
    'providers.list': () => providers,
    'registrations.list': () => clients,
    'registrations.save': (input) => {
      const { client_secret, private_key, private_key_passphrase: _, certificate, ...rest } = input
      const stored = clients.find((it) => it.id === input.id)
      const saved: Registration = {
        description: '',
        variables: {},
        extra_hosts: [],
        fallback_expiry: null,
        ...rest,
        id: input.id ?? `reg_new_${clients.length}`,
        has_private_key: private_key === undefined ? (stored?.has_private_key ?? false) : private_key !== '',
        has_certificate: certificate === undefined ? (stored?.has_certificate ?? false) : certificate !== '',
        enabled: stored?.enabled ?? true,
        options: input.options ?? stored?.options ?? {},
        has_client_secret: client_secret === undefined ? (stored?.has_client_secret ?? false) : client_secret !== '',
        accounts: stored?.accounts ?? 0,
        created_at: new Date().toISOString(),
        updated_at: new Date().toISOString(),
      }
      clients = [...clients.filter((it) => it.id !== saved.id), saved]
      return saved
    },
    'registrations.remove': ({ id }) => {
      clients = clients.filter((it) => it.id !== id)
      return {}
    },
    'registrations.duplicate': ({ id, name }) => {
      const original = findClient(id)
      const copy = { ...original, id: `${id}_copy`, name: name ?? `${original.name} (copy)`, accounts: 0 }
      clients = [...clients, copy]
      return copy
    },
    'registrations.register': ({ provider_id, name }) => ({ ...findClient('reg_openid-connect'), provider_id, name }),
    'registrations.from_service_account': ({ json, provider_id = 'google', name, scopes = [] }) => {
      if (!json.trimStart().startsWith('{')) {
        throw new LatchkeyError('invalid_request', 'This is not a JSON file.', { field: 'json' })
      }
      const email = (JSON.parse(json) as { client_email?: string }).client_email
      if (!email) {
        throw new LatchkeyError('invalid_request', 'The key file holds no client_email.', {
          field: 'json.client_email',
        })
      }
      const saved: Registration = {
        ...findClient('reg_google'),
        id: 'reg_service',
        provider_id,
        name: name ?? email.split('@', 1)[0] ?? email,
        client_id: email,
        has_client_secret: false,
        has_private_key: true,
        client_authentication: 'none',
        options: { grant: 'jwt_bearer' },
        scopes,
        accounts: 0,
      }
      clients = [...clients.filter((it) => it.id !== saved.id), saved]
      return saved
    },
    'registrations.enable': ({ id }) => replaceClient({ ...findClient(id), enabled: true }),
    'registrations.disable': ({ id }) => replaceClient({ ...findClient(id), enabled: false }),
    'registrations.reset': ({ id }) => findClient(id),
    'registrations.revoke': ({ id }) => ({
      registration: findClient(id),
      accounts: accounts
        .filter((it) => it.registration_id === id)
        .map((it, index) => ({
          id: it.id,
          alias: it.alias,
          told: index === 0,
          reason: index === 0 ? null : 'The provider did not answer within 30 seconds.',
        })),
    }),
    'registrations.effects': ({ id, action }) =>
      effectsOf(
        action,
        accounts.filter((it) => it.registration_id === id),
        findClient(id),
      ),
    'accounts.effects': ({ account, action }) => effectsOf(action, [find(account)], null),
    'accounts.enable': ({ account }) => {
      const { id, alias, provider_id } = find(account)
      return replace(makeAccount({ id, alias, provider: provider_id, state: 'active' }))
    },
    'accounts.disable': ({ account }) => {
      const { id, alias, provider_id } = find(account)
      return replace(makeAccount({ id, alias, provider: provider_id, state: 'disabled' }))
    },
    'accounts.revoke': ({ account }) => {
      const { id, alias, provider_id } = find(account)
      return replace(makeAccount({ id, alias, provider: provider_id, state: 'never_connected' }))
    },
    'accounts.validate': ({ account }) =>
      replace({
        ...find(account),
        validation: { at: new Date().toISOString(), good: true, reason: 'The userinfo endpoint accepted the token.' },
      }),
    'validation.get': () => ({ interval_minutes: 60 }),
    'validation.configure': (settings) => settings,
    ...plain,
    'accounts.list': ({ limit, after }) => {
      const from = after === undefined ? 0 : accounts.findIndex((it) => it.id === after) + 1
      return accounts.slice(from, limit === undefined ? undefined : from + limit)
    },
    'accounts.get': ({ account }) => find(account),
    'accounts.inspect': ({ account }) => inspectionOf(find(account)),
    'accounts.rename': ({ account, alias }) => replace({ ...find(account), alias }),
    'accounts.refresh': ({ account }) => replace(renewed(find(account))),
    'accounts.expire': ({ account }) => {
      const { id, alias, provider_id } = find(account)
      return replace(makeAccount({ id, alias, provider: provider_id, state: 'expired', left: -1 }))
    },
    'accounts.reset': ({ account }) => {
      const { id, alias, provider_id } = find(account)
      return replace(makeAccount({ id, alias, provider: provider_id, state: 'never_connected' }))
    },
    'accounts.remove': ({ account }) => {
      accounts = accounts.filter((it) => it.id !== account)
      emit({ type: 'account', account_id: account, state: 'removed' })
      return {}
    },
    'connect.start': (input) => {
      const account = input.account ? find(input.account) : null
      const client = clients.find((it) => it.id === (input.registration ?? account?.registration_id))
      const id = account?.provider_id ?? client?.provider_id ?? input.provider ?? 'practice'
      const now = new Date()
      flow = {
        id: `flow_${now.getTime()}`,
        provider_id: id,
        provider_name: providers.find((it) => it.id === id)?.name ?? id,
        registration_id: client?.id ?? 'reg_practice',
        account_id: account?.id ?? null,
        via: input.via ?? 'browser',
        state: 'waiting_for_person',
        authorization_url:
          input.grant === 'device_code'
            ? null
            : 'http://127.0.0.1:41763/auth?client_id=latchkey-practice&response_type=code',
        redirect_uri: 'http://127.0.0.1:40021/callback/practice',
        device:
          input.grant === 'device_code'
            ? {
                user_code: 'WDJB-MJHT',
                verification_uri: 'https://provider.example/device',
                verification_uri_complete: 'https://provider.example/device?user_code=WDJB-MJHT',
              }
            : null,
        failure: null,
        decision: null,
        steps: [
          { at: now.toISOString(), text: 'Read the provider’s configuration', ok: true, source: 'OIDC Discovery 4' },
          {
            at: now.toISOString(),
            text: 'Waiting for the answer at http://127.0.0.1:40021/callback/practice',
            ok: true,
            source: 'RFC 8252 7.3',
          },
          { at: now.toISOString(), text: 'Opened the sign-in page in the browser', ok: true, source: 'RFC 8252 6' },
        ],
        started_at: now.toISOString(),
        expires_at: new Date(now.getTime() + 300_000).toISOString(),
        ended_at: null,
      }
      if (scenario.flow && scenario.flow !== 'waits') setTimeout(go, 400)
      return flow
    },
    'connect.get': () => setFlow({}),
    'connect.open': () => setFlow({}),
    'connect.cancel': () => setFlow({ state: 'cancelled', ended_at: new Date().toISOString() }),
    'connect.paste': () => {
      throw new LatchkeyError('invalid_request', 'This address holds no answer: it has neither a code nor an error.', {
        field: 'url',
      })
    },
    'connect.decide': ({ choice }) => (choice === 'discard' ? setFlow({ state: 'cancelled' }) : complete()),
    'requests.send': ({ account, request }) => {
      find(account)
      if (request.url.includes('evil')) {
        throw new LatchkeyError(
          'destination_not_allowed',
          'evil.example is not among the hosts that this account may send to.',
        )
      }
      return {
        status: 200,
        status_text: 'OK',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
          date: new Date().toUTCString(),
        },
        body: JSON.stringify({
          sub: 'ada',
          name: 'Ada Lovelace',
          email: 'ada@practice.example',
          scopes: ['openid', 'profile'],
        }),
        body_base64: null,
        duration_ms: 42.7,
        refreshed: true,
        url: request.url,
      }
    },
    'practice.get': () => ({
      running: true,
      issuer: 'http://127.0.0.1:41763',
      api_base_url: 'http://127.0.0.1:41763',
      access_token_lifetime: lifetime,
    }),
    'practice.configure': ({ access_token_lifetime }) => {
      lifetime = access_token_lifetime
      return { running: true, issuer: null, api_base_url: null, access_token_lifetime }
    },
  }

  return {
    askAgain,
    call: (method, input) =>
      toResult(() => {
        protection.enter(method)
        return (fake[method as Method] as (input: unknown) => unknown)(input)
      }),
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
