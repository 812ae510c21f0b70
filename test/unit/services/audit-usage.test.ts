import { describe, expect, it } from 'vitest'
import { account, registration, tokens } from '../vault/support.ts'
import { app, audited, cli } from './audit-support.ts'

const day = 86_400_000
const github = (path: string) => new URL(`https://api.github.com${path}`)

const record = (id: string, name: string, changes: object = {}) => ({
  id,
  name,
  purpose: '',
  keyHash: Buffer.from(id),
  createdAt: 1,
  lastUsedAt: null,
  expiresAt: null,
  idleDays: null,
  revokedAt: null,
  caller: null,
  ...changes,
})

const permission = (id: string, appId: string, rights: ('see' | 'request' | 'token')[], accountId: string | null) => ({
  id,
  appId,
  accountId,
  rights,
  hosts: [],
  methods: [],
  pathPrefix: null,
  until: null,
  createdAt: 1,
  updatedAt: 1,
})

describe('[G4] who used an account', () => {
  it('is told by user and place, the busiest first, with failures and the last time', async () => {
    const { audit, clock, ada, use } = await audited()
    const mail = app('app_1', 'Mail')
    use()
    clock.advance(1000)
    for (const id of [1, 2, 3])
      use({ caller: mail, url: github(`/users/${id}0000/repos`), status: id === 3 ? 500 : 200 })
    use({ caller: mail, url: github('/user?tab=1') })
    clock.advance(day)
    use({ caller: mail, status: undefined, error: 'timeout' })
    const usage = audit.usage(ada, 30)
    const last_at = new Date(clock.now()).toISOString()
    const before = new Date(clock.now() - day).toISOString()
    expect(usage).toMatchObject({ account_id: 'acc_1', days: 30, since: '2026-10-24T00:00:00.000Z', complete: true })
    expect(usage.users).toEqual([
      {
        actor: 'app',
        app_id: 'app_1',
        name: 'Mail',
        count: 5,
        failed: 2,
        last_at,
        uses: [
          {
            right: 'request',
            method: 'GET',
            host: 'api.github.com',
            path: '/users/*/repos',
            count: 3,
            failed: 1,
            last_at: before,
          },
          { right: 'request', method: 'GET', host: 'api.github.com', path: '/user', count: 2, failed: 1, last_at },
        ],
      },
      expect.objectContaining({ actor: 'cli', app_id: null, name: 'The command line', count: 1, failed: 0 }),
    ])
  })

  it('counts the days that were asked for, and this account alone', async () => {
    const { vault, audit, clock, ada, use } = await audited()
    const other = account({ id: 'acc_2', alias: 'two' })
    vault.accounts.save(other)
    use()
    clock.advance(2 * day)
    use()
    use({ account: other })
    expect(audit.usage(ada, 1).users).toMatchObject([{ count: 1 }])
    expect(audit.usage(ada, 2).users).toMatchObject([{ count: 1 }])
    expect(audit.usage(ada, 3).users).toMatchObject([{ count: 2 }])
    expect(audit.usage(other, 3).users).toMatchObject([{ count: 1 }])
  })

  it('calls an app what it is called now, and one that is gone what it was called then', async () => {
    const { vault, audit, ada, use } = await audited()
    vault.apps.save(record('app_1', 'Post'))
    use({ caller: app('app_1', 'Mail') })
    use({ caller: app('app_2', 'Backup') })
    expect(
      audit
        .usage(ada, 1)
        .users.map(({ name }) => name)
        .sort(),
    ).toEqual(['Backup', 'Post'])
  })

  it('is not complete when somebody got a token', async () => {
    const { audit, ada, use, token } = await audited()
    use()
    expect(audit.usage(ada, 1).complete).toBe(true)
    token()
    expect(audit.usage(ada, 1)).toMatchObject({
      complete: false,
      users: [{ count: 2, uses: [{}, { right: 'token', method: null, host: null, path: null }] }],
    })
  })

  it('keeps 500 places a day, whoever makes them up, across a restart and a new day', async () => {
    const first = await audited()
    const { vault, clock, audit, ada, use } = first
    for (let n = 0; n < 400; n++) use({ url: github(`/made/up/p-${n}`) })
    audit.flush()
    // Locking forgets what is known of the day, as a restart does.
    first.events.emit({ type: 'vault', state: 'locked' })
    for (let n = 300; n < 900; n++) use({ url: github(`/made/up/p-${n}`) })
    const [user] = audit.usage(ada, 1).users
    expect(user?.uses).toHaveLength(501)
    expect(user?.uses[0]).toMatchObject({ path: '…', count: 400 })
    expect(user?.count).toBe(1000)
    clock.advance(day)
    use({ url: github('/made/up/p-899') })
    audit.flush()
    expect(vault.activity.usage('acc_1', Math.floor(clock.now() / day))).toMatchObject([{ path: '/made/up/p-899' }])
  })
})

describe('[G4] who may use it', () => {
  it('is every app with a permission on it that was not revoked, whether it used it or not', async () => {
    const { vault, audit, ada } = await audited()
    vault.apps.save(record('app_1', 'Mail'))
    vault.apps.save(record('app_2', 'Backup'))
    vault.apps.save(record('app_3', 'Revoked'))
    vault.apps.savePermission(permission('perm_1', 'app_1', ['see', 'request'], 'acc_1'))
    vault.apps.savePermission(permission('perm_2', 'app_1', ['request', 'token'], 'acc_1'))
    vault.apps.savePermission(permission('perm_3', 'app_2', ['see'], null))
    vault.apps.savePermission(permission('perm_4', 'app_3', ['see'], 'acc_1'))
    vault.apps.save(record('app_3', 'Revoked', { revokedAt: 5 }))
    expect(audit.usage(ada, 30).permitted).toEqual([
      { app_id: 'app_1', name: 'Mail', rights: ['see', 'request', 'token'] },
    ])
  })
})

describe('[G4] the scopes that were granted', () => {
  const scopes = ['read:user', 'user:email', 'gist', 'notifications', 'delete_repo', 'unheard:of']
  async function granted() {
    const world = await audited()
    world.vault.tokens.put('acc_1', tokens({ scopes }))
    const states = (days = 30) =>
      Object.fromEntries(world.audit.usage(world.ada, days).scopes.map(({ name, state }) => [name, state]))
    return { ...world, states }
  }

  it('are used when a request that needs them was made, unused when none was, else unknown', async () => {
    const { audit, ada, use, states } = await granted()
    use({ url: github('/user/emails'), caller: cli })
    use({ url: github('/gists/00000000000000000000'), method: 'PATCH' })
    expect(states()).toEqual({
      'read:user': 'unknown',
      'user:email': 'used',
      gist: 'used',
      notifications: 'unused',
      delete_repo: 'unused',
      'unheard:of': 'unknown',
    })
    const email = audit.usage(ada, 30).scopes.find(({ name }) => name === 'user:email')
    expect(email?.last_at).toBe('2026-11-21T12:00:00.000Z')
  })

  it('count methods, whole segments, hosts and days', async () => {
    const { clock, use, states } = await granted()
    use({ url: github('/user/emails'), method: 'POST' })
    use({ url: github('/gistsandmore') })
    use({ url: new URL('https://uploads.github.com/gists') })
    expect(states()).toMatchObject({ 'user:email': 'unused', gist: 'unused', delete_repo: 'unused' })
    use({ url: github('/repos/a/b'), method: 'DELETE' })
    expect(states()).toMatchObject({ delete_repo: 'used' })
    clock.advance(3 * day)
    expect(states(2)).toMatchObject({ delete_repo: 'unused' })
  })

  it('are unknown when the sums keep too little of the path to tell', async () => {
    const { use, states } = await granted()
    use({ url: github('/repos/a/b/notifications') })
    expect(states()).toMatchObject({ notifications: 'unknown', gist: 'unused' })
    use({ url: github('/notifications') })
    expect(states()).toMatchObject({ notifications: 'used' })
  })

  it('are those that were asked for when there is no token set', async () => {
    const { vault, audit, ada } = await audited()
    expect(audit.usage({ ...ada, scopesRequested: ['gist'] }, 30).scopes).toEqual([
      { name: 'gist', state: 'unused', last_at: null },
    ])
    expect(vault.tokens.facts('acc_1')).toBeNull()
  })

  it('are not called unused where the API is somewhere else', async () => {
    const { vault, use, states } = await granted()
    vault.registrations.save(registration({ options: { baseUrl: 'https://git.example/api' } }), undefined)
    use({ url: github('/gists') })
    expect(states()).toMatchObject({ gist: 'used', delete_repo: 'unknown', notifications: 'unknown' })
  })

  it('of a provider on this machine are matched at any port', async () => {
    const { vault, audit, use } = await audited()
    const practice = account({
      id: 'acc_2',
      alias: 'two',
      providerId: 'practice',
      scopesRequested: ['profile', 'email'],
    })
    vault.accounts.save(practice)
    use({ account: practice, url: new URL('http://127.0.0.1:4242/userinfo') })
    expect(audit.usage(practice, 1).scopes.map(({ state }) => state)).toEqual(['used', 'used'])
  })
})
