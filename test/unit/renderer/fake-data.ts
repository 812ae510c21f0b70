import github from '../../../electron/providers/catalog/github.json' with { type: 'json' }
import google from '../../../electron/providers/catalog/google.json' with { type: 'json' }
import microsoft from '../../../electron/providers/catalog/microsoft.json' with { type: 'json' }
import oauth2 from '../../../electron/providers/catalog/oauth2.json' with { type: 'json' }
import openid from '../../../electron/providers/catalog/openid-connect.json' with { type: 'json' }
import practice from '../../../electron/providers/catalog/practice.json' with { type: 'json' }
import type { Definition } from '../../../electron/providers/definition.ts'
import { providerView } from '../../../electron/providers/view.ts'
import type {
  Account,
  AccountState,
  Activity,
  Provider,
  Registration,
  TokenInspection,
} from '../../../shared/models.ts'

/** Data for the page without a host: made up, and awkward on purpose. */

export const providers: Provider[] = ([google, microsoft, github, openid, oauth2, practice] as unknown[]).map(
  (definition) => providerView(definition as Definition),
)

const iso = (fromNow: number) => new Date(Date.now() + fromNow * 1000).toISOString()

const reasons: Record<AccountState, [reason: string, remedy: string | null]> = {
  active: ['The access token is valid and is refreshed when needed.', null],
  expiring: ['The access token is about to expire, and the provider gave no refresh token.', 'Sign in again.'],
  expired: ['The access token has expired. It is refreshed on the next use.', null],
  reauth_required: [
    'The provider says that the grant has been revoked or has expired (invalid_grant).',
    'Sign in again.',
  ],
  disabled: ['You disabled it. Its tokens are kept.', 'Enable it.'],
  unreachable: [
    'The provider did not answer within 30 seconds. The current access token still works.',
    'Nothing has to be done: it is tried again on use. A refresh by hand tries at once.',
  ],
  never_connected: ['Nobody has signed in yet.', 'Sign in.'],
  locked: ['The vault is locked.', 'Unlock it.'],
}

export interface AccountSeed {
  id: string
  alias: string
  provider: string
  state: AccountState
  left?: number | null
  life?: number
  email?: string | null
  name?: string | null
  used?: number | null
}

export function makeAccount(seed: AccountSeed): Account {
  const provider = providers.find((it) => it.id === seed.provider)
  const [reason, remedy] = reasons[seed.state]
  const { left = 2400, life = 3600, used = 300 } = seed
  const email = seed.email === undefined ? `${seed.alias.replace(/\W+/g, '.')}@example.org` : seed.email
  const scopes = (provider?.scopes ?? []).filter((scope) => scope.default).map((scope) => scope.name)
  const connected = seed.state !== 'never_connected'
  return {
    id: seed.id,
    alias: seed.alias,
    provider_id: seed.provider,
    provider_name: provider?.name ?? seed.provider,
    registration_id: `reg_${seed.provider}`,
    registration_name: provider?.needs_registration === false ? 'Built in' : `My ${provider?.name} client`,
    identity: connected
      ? {
          subject: `10769150350006150715${seed.id.length}`,
          issuer: 'https://accounts.example.org',
          name: seed.name === undefined ? 'Ada Lovelace' : seed.name,
          username: null,
          email,
        }
      : null,
    status: {
      state: seed.state,
      since: iso(-7200),
      reason,
      remedy,
      retry_at: seed.state === 'unreachable' ? iso(45) : null,
    },
    grant: 'authorization_code',
    enabled: seed.state !== 'disabled',
    validation:
      seed.id === 'a1' ? { at: iso(-1500), good: true, reason: 'The userinfo endpoint accepted the token.' } : null,
    scopes_requested: [...scopes, 'calendar.readonly'],
    scopes_granted: scopes,
    token: connected
      ? {
          token_type: 'Bearer',
          obtained_at: iso((left ?? life) - life),
          expires_at: left === null ? null : iso(left),
          expiry_source: left === null ? 'unknown' : 'expires_in',
          has_refresh_token: seed.state !== 'expiring',
          has_id_token: true,
        }
      : null,
    created_at: iso(-86_400 * 40),
    last_used_at: used === null ? null : iso(-used),
    last_refresh_at: connected ? iso((left ?? life) - life) : null,
  }
}

const long =
  'The shared archive account of the regional office for the preservation of letters, maps, drawings and field notes'

/** One of each kind of trouble, and names that break layouts. */
export const mixed: AccountSeed[] = [
  {
    id: 'a1',
    alias: 'google:ada',
    provider: 'google',
    state: 'active',
    left: 2950,
    email: 'ada@example.org',
    used: 40,
  },
  { id: 'a2', alias: 'work mail', provider: 'microsoft', state: 'reauth_required', left: -9000, used: 86_400 * 3 },
  {
    id: 'a3',
    alias: 'github:ada-l',
    provider: 'github',
    state: 'active',
    left: null,
    email: null,
    name: 'Ada',
    used: 7000,
  },
  {
    id: 'a4',
    alias: long,
    provider: 'openid-connect',
    state: 'unreachable',
    left: 130,
    email: 'archive.letters@example.org',
  },
  {
    id: 'a5',
    alias: 'חשבון העבודה של עדה',
    provider: 'google',
    state: 'active',
    left: 210,
    email: 'ada.work@example.org',
  },
  {
    id: 'a6',
    alias: 'practice:ada',
    provider: 'practice',
    state: 'expired',
    left: -20,
    life: 60,
    email: 'ada@practice.example',
  },
  {
    id: 'a7',
    alias: 'practice:grace',
    provider: 'practice',
    state: 'expiring',
    left: 22,
    life: 300,
    email: 'grace@practice.example',
  },
  { id: 'a8', alias: 'library server', provider: 'oauth2', state: 'never_connected', used: null },
  { id: 'a10', alias: 'old mail', provider: 'google', state: 'disabled', left: 1800 },
  { id: 'a9', alias: 'الأرشيف', provider: 'oauth2', state: 'active', left: 86_000, life: 86_400, used: null },
]

export function manyAccounts(count: number): AccountSeed[] {
  const states: AccountState[] = [
    'active',
    'active',
    'active',
    'active',
    'expired',
    'expiring',
    'unreachable',
    'reauth_required',
  ]
  const ids = providers.map((provider) => provider.id)
  return Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    alias: `${ids[index % ids.length]}:person-${index + 1}`,
    provider: ids[index % ids.length] ?? 'google',
    state: states[(index * 7) % 13] ?? 'active',
    left: 60 + ((index * 977) % 3500),
    used: (index * 3571) % 900_000,
  }))
}

export const registrations: Registration[] = ['google', 'microsoft', 'github', 'openid-connect', 'oauth2'].map(
  (id) => ({
    id: `reg_${id}`,
    provider_id: id,
    name: `My ${providers.find((it) => it.id === id)?.name} client`,
    description: '',
    client_id: `${id}-4f1c9a20b7e34d6e.apps.example.org`,
    has_client_secret: true,
    has_private_key: false,
    has_certificate: false,
    enabled: true,
    options: {},
    client_authentication: 'client_secret_basic',
    scopes: [],
    variables: {},
    extra_hosts: [],
    fallback_expiry: null,
    accounts: 2,
    created_at: iso(-86_400 * 40),
    updated_at: iso(-86_400 * 12),
  }),
)

export function activityOf(accounts: Account[]): Activity[] {
  const lines: [Activity['kind'], string, string, Activity['detail']][] = [
    [
      'request',
      'GET https://www.googleapis.com/calendar/v3/users/me answered 200',
      'owner',
      { status: 200, refreshed: false, duration_ms: 182 },
    ],
    ['refreshed', 'The access token was refreshed', 'latchkey', { rotated: true, expires_in: 3600 }],
    ['token', 'A program was given the access token', 'cli', {}],
    [
      'refresh_failed',
      'The provider did not answer within 30 seconds',
      'latchkey',
      { code: 'provider_unreachable', retry_in: 45 },
    ],
    ['connected', 'Ada Lovelace signed in', 'page', { via: 'browser' }],
    ['sign_in_failed', 'The person said no at the provider (access_denied)', 'page', {}],
    ['vault', 'The vault was unlocked.', 'latchkey', { guards: 'safe-storage' }],
  ]
  return Array.from({ length: 46 }, (_, index) => {
    const [kind, summary, actor, detail] = lines[(index * 5) % lines.length] ?? ['vault', '', 'page', {}]
    const account = accounts[index % Math.max(1, accounts.length)]
    return {
      id: 1000 - index,
      at: iso(-index * 5400 - 90),
      kind,
      account_id: kind === 'vault' ? null : (account?.id ?? null),
      provider_id: account?.provider_id ?? null,
      actor,
      summary: kind === 'vault' || !account ? summary : `${account.alias}: ${summary}`,
      app_id: null,
      app_name: null,
      right: null,
      detail,
    }
  })
}

export function inspectionOf(account: Account): TokenInspection {
  const now = Math.floor(Date.now() / 1000)
  const shared = { scopes_requested: account.scopes_requested, scopes_granted: account.scopes_granted }
  if (!account.token) return { account_id: account.id, token_type: null, tokens: [], ...shared }
  const exp = account.token.expires_at ? Math.floor(Date.parse(account.token.expires_at) / 1000) : now + 3600
  return {
    account_id: account.id,
    token_type: 'Bearer',
    ...shared,
    tokens: [
      {
        kind: 'access_token',
        format: 'jwt',
        length: 1043,
        fingerprint: '9f86d081884c7d65',
        header: { alg: 'RS256', typ: 'at+jwt', kid: 'k1' },
        claims: {
          iss: 'http://127.0.0.1:41763',
          sub: 'ada',
          aud: 'http://127.0.0.1:41763/api',
          client_id: 'latchkey-practice',
          iat: exp - 3600,
          exp,
          jti: 'x8Yk2mJq0',
          scope: 'openid profile email offline_access',
        },
        issued_at: account.token.obtained_at,
        expires_at: account.token.expires_at,
      },
      {
        kind: 'refresh_token',
        format: 'opaque',
        length: 43,
        fingerprint: '2c26b46b68ffc68f',
        header: null,
        claims: null,
        issued_at: null,
        expires_at: null,
      },
      {
        kind: 'id_token',
        format: 'jwt',
        length: 812,
        fingerprint: 'fcde2b2edba56bf4',
        header: { alg: 'RS256', kid: 'k1' },
        claims: {
          sub: 'ada',
          name: 'Ada Lovelace',
          email: 'ada@practice.example',
          email_verified: true,
          nonce: 'n-0S6_WzA2Mj',
          at_hash: '77QmUPtjPfzWtF2AnpK9RQ',
          aud: 'latchkey-practice',
          exp: now + 3000,
          iat: now - 600,
          iss: 'http://127.0.0.1:41763',
          address: { locality: 'London', country: 'UK' },
        },
        issued_at: iso(-600),
        expires_at: iso(3000),
      },
    ],
  }
}
