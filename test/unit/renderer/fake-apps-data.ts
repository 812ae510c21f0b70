import type { App, Ask, CallerFacts, Permission, Usage } from '../../../shared/contract-apps.ts'
import type { Account, Activity } from '../../../shared/models.ts'

/** Programs, what they ask for and what they did: made up, and awkward on purpose. */

export const iso = (fromNow: number) => new Date(Date.now() + fromNow * 1000).toISOString()
export const day = 86_400

const python: CallerFacts = {
  transport: 'socket',
  pid: 48_213,
  user: 'ada',
  process: 'python3',
  executable: '/usr/bin/python3.12',
  script: '/home/ada/projects/mail-sync/sync.py',
  started_by: ['bash', 'konsole', 'systemd'],
}
const silent: CallerFacts = {
  transport: 'http',
  pid: null,
  user: null,
  process: null,
  executable: null,
  script: null,
  started_by: [],
}

export const asks: Ask[] = [
  {
    id: 'ask_1',
    kind: 'pair',
    code: 'WXYZ-2345',
    state: 'waiting',
    app_id: null,
    name: 'Mail sync',
    purpose: 'Keeps a copy of your mail on this computer, for searching offline.',
    user_agent: 'mail-sync/2.4 python-httpx/0.28',
    wants: [
      {
        account: 'google:ada',
        account_id: 'a1',
        provider: 'google',
        rights: ['see', 'request', 'token'],
        hosts: ['gmail.googleapis.com'],
        methods: ['GET'],
        path_prefix: '/gmail/v1',
      },
      {
        account: 'my calendar',
        account_id: null,
        provider: 'google',
        rights: ['request'],
        hosts: [],
        methods: [],
        path_prefix: null,
      },
    ],
    caller: python,
    times: 1,
    created_at: iso(-70),
    last_at: iso(-70),
    expires_at: iso(530),
  },
  {
    id: 'ask_2',
    kind: 'permission',
    code: 'HJKM-7788',
    state: 'waiting',
    app_id: 'app_2',
    // A name that would turn the words around it, if it could.
    name: 'Status board \u202eevil\u202c',
    purpose: 'Shows open pull requests on the wall.',
    user_agent: null,
    wants: [
      {
        account: 'github:ada-l',
        account_id: 'a3',
        provider: 'github',
        rights: ['request'],
        hosts: ['api.github.com'],
        methods: ['POST'],
        path_prefix: '/repos/ada-l/notes',
      },
    ],
    caller: silent,
    times: 14,
    created_at: iso(-3000),
    last_at: iso(-20),
    expires_at: iso(83_000),
  },
]

export const decided: Ask[] = [
  { ...asks[0], id: 'ask_3', name: 'Backup', code: 'QRST-4567', state: 'approved', wants: [], last_at: iso(-9000) },
  { ...asks[0], id: 'ask_4', name: 'curl', code: 'ABCD-3456', state: 'denied', wants: [], last_at: iso(-19_000) },
] as Ask[]

export const permission = (
  id: string,
  app: string,
  account: string | null,
  change: Partial<Permission> = {},
): Permission => ({
  id,
  app_id: app,
  account_id: account,
  rights: ['see', 'request'],
  hosts: [],
  methods: [],
  path_prefix: null,
  until: null,
  created_at: iso(-day * 12),
  updated_at: iso(-day * 12),
  ...change,
})

export const app = (id: string, name: string, change: Partial<App> = {}): App => ({
  id,
  name,
  purpose: 'Keeps a copy of your files.',
  state: 'active',
  reason: null,
  created_at: iso(-day * 12),
  last_used_at: iso(-600),
  expires_at: null,
  idle_days: null,
  caller: python,
  permissions: [],
  ...change,
})

export const someApps: App[] = [
  app('app_1', 'Calendar bar', {
    purpose: 'Shows the next appointment in the panel.',
    expires_at: iso(day * 29),
    permissions: [
      permission('perm_1', 'app_1', 'a1', {
        hosts: ['www.googleapis.com'],
        methods: ['GET'],
        path_prefix: '/calendar/v3',
        until: iso(day * 29),
      }),
      permission('perm_2', 'app_1', 'a5', { rights: ['see'] }),
    ],
  }),
  app('app_2', 'Status board', {
    purpose: 'Shows open pull requests on the wall.',
    idle_days: 30,
    caller: null,
    permissions: [
      permission('perm_3', 'app_2', 'a3', { methods: ['GET', 'HEAD'] }),
      permission('perm_4', 'app_2', 'a2', { rights: ['see', 'request', 'token', 'manage'] }),
      permission('perm_5', 'app_2', 'a6', { rights: ['request'] }),
      permission('perm_6', 'app_2', 'a7', { rights: ['request'] }),
      permission('perm_7', 'app_2', 'a9', { rights: ['request'], methods: ['GET', 'POST', 'PUT'] }),
      permission('perm_8', 'app_2', null, { rights: ['connect', 'see'] }),
    ],
  }),
  app('app_3', 'The nightly archive of the regional office for letters, maps and field notes', {
    last_used_at: null,
    permissions: [],
  }),
  app('app_4', 'גיבוי לילי', {
    purpose: 'מעתיק קבצים לדיסק',
    state: 'expired',
    reason: 'It was not used for 30 days.',
    last_used_at: iso(-day * 41),
    idle_days: 30,
    permissions: [permission('perm_9', 'app_4', 'a1')],
  }),
]

export function manyApps(count: number): App[] {
  return Array.from({ length: count }, (_, index) =>
    app(`app_m${index}`, `Program ${index + 1}`, {
      permissions: [permission(`perm_m${index}`, `app_m${index}`, `a${(index % 9) + 1}`)],
      last_used_at: iso(-index * 977),
    }),
  )
}

export function usesOf(apps: App[], accounts: Account[]): Activity[] {
  return Array.from({ length: 60 }, (_, index): Activity => {
    const by = apps[index % Math.max(1, apps.length)]
    const account = accounts[index % Math.max(1, accounts.length)]
    const status = index % 9 === 4 ? 403 : 200
    const path = index % 2 === 0 ? '/calendar/v3/calendars/primary/events' : '/gmail/v1/users/me/messages'
    const token = index % 13 === 7
    return {
      id: 5000 - index,
      at: iso(-index * 1900 - 40),
      kind: token ? 'token' : 'request',
      account_id: account?.id ?? null,
      provider_id: account?.provider_id ?? null,
      actor: by ? 'app' : 'owner',
      app_id: by?.id ?? null,
      app_name: by?.name ?? null,
      right: token ? 'token' : 'request',
      summary: token
        ? `An access token of ${account?.alias} was handed out.`
        : `GET www.googleapis.com${path}: answered ${status}`,
      detail: token
        ? { duration_ms: 3, refreshed: false }
        : {
            method: 'GET',
            host: 'www.googleapis.com',
            path,
            status,
            bytes_sent: 0,
            bytes_received: 800 + index * 977,
            duration_ms: 40 + ((index * 37) % 400),
            refreshed: index % 7 === 0,
          },
    }
  })
}

export function usageOf(account: Account, apps: App[], days: number): Usage {
  const permitted = apps.flatMap((it) => {
    const rights = it.permissions.filter((one) => one.account_id === account.id).flatMap((one) => one.rights)
    return rights.length > 0 ? [{ app_id: it.id, name: it.name, rights: [...new Set(rights)] }] : []
  })
  const use = (path: string, count: number, failed = 0) => ({
    right: 'request' as const,
    method: 'GET',
    host: 'www.googleapis.com',
    path,
    count,
    failed,
    last_at: iso(-400),
  })
  return {
    account_id: account.id,
    days,
    since: iso(-day * days),
    users: [
      ...permitted.slice(0, 1).map(({ app_id, name }) => ({
        actor: 'app',
        app_id,
        name,
        count: 4312,
        failed: 7,
        last_at: iso(-400),
        uses: [
          use('/calendar/v3/calendars', 2210, 7),
          use('/gmail/v1/users', 1802),
          use('/drive/v3/files', 250),
          use('/drive/v3/about', 40),
          use('/oauth2/v3/userinfo', 9),
          use('/calendar/v3/users', 1),
        ],
      })),
      {
        actor: 'cli',
        app_id: null,
        name: 'The command line',
        count: 3,
        failed: 0,
        last_at: iso(-day * 3),
        uses: [{ right: 'token', method: null, host: null, path: null, count: 3, failed: 0, last_at: iso(-day * 3) }],
      },
    ],
    permitted,
    scopes: account.scopes_granted.map((name, index) => ({
      name,
      state: index === 0 ? 'used' : index === 1 ? 'unused' : 'unknown',
      last_at: index === 0 ? iso(-400) : null,
    })),
    complete: false,
  }
}
