import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { account, tokens } from '../../unit/vault/support.ts'
import {
  accountOf,
  acme,
  fill,
  holdings,
  id,
  ids,
  owner,
  passphrase,
  person,
  profile,
  registrationOf,
} from './transfer-world.ts'

async function two() {
  const [there, here] = [await profile(), await profile()]
  fill(there)
  return { there, here }
}

describe('a whole profile', () => {
  it('[F15] goes to another vault with all its secrets, and is there as it was', async () => {
    const { there, here } = await two()
    const report = await here.import(await there.export())
    expect(holdings(here.vault)).toEqual(holdings(there.vault))
    expect(report).toMatchObject({ created_at: '2026-11-21T10:00:00.000Z', registrations: 2, providers: 1 })
    expect(report.accounts.map(({ alias, outcome }) => [alias, outcome])).toEqual([
      ['github:ada', 'added'],
      ['github:grace', 'added'],
      ['github:robot', 'added'],
    ])
    expect(here.vault.webhooks.endpoint(ids.hook)).toMatchObject({ accepted: 0, refused: 0 })
  })

  it('[F15] leaves at home what belongs to this computer: apps, activity, settings, practice records', async () => {
    const { there, here } = await two()
    const { vault } = there
    vault.registrations.save({ ...registrationOf(there, ids.github), id: 'reg_1', providerId: 'practice' }, null)
    vault.accounts.save(account())
    vault.tokens.put('acc_1', tokens())
    vault.records.put('Grant', 'key', 'value', null)
    vault.settings.set('practice.port', 4)
    vault.apps.save({
      id: 'app_1',
      name: 'Backup',
      purpose: '',
      keyHash: Buffer.from('hash'),
      createdAt: 1,
      lastUsedAt: null,
      expiresAt: null,
      idleDays: null,
      revokedAt: null,
      caller: null,
    })
    const { accounts } = await here.import(await there.export())
    expect(accounts).toHaveLength(3)
    expect(here.vault.apps.list()).toEqual([])
    expect(here.vault.settings.get('practice.port')).toBeUndefined()
    expect(here.vault.records.get('Grant', 'key')).toBeNull()
    expect(here.vault.accounts.list().map(({ providerId }) => providerId)).not.toContain('practice')
    await expect(there.export('practice:ada')).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'accounts' },
    })
  })

  it('says who may be ended by whom: a refresh token that is on two computers', async () => {
    const { there, here } = await two()
    const { accounts } = await here.import(await there.export())
    expect(accounts.find(({ alias }) => alias === 'github:ada')?.reason).toContain('on two computers')
    expect(accounts.find(({ alias }) => alias === 'github:robot')?.reason).toBeNull()
  })

  it('can be imported twice: the second time changes nothing', async () => {
    const { there, here } = await two()
    const document = await there.export()
    await here.import(document)
    const before = holdings(here.vault)
    const again = await here.import(document)
    expect(holdings(here.vault)).toEqual(before)
    expect(again).toMatchObject({ registrations: 0, providers: 0 })
    expect(again.accounts.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept'])
  })
})

describe('chosen accounts', () => {
  it('[F15] bring what they need and nothing else', async () => {
    const { there, here } = await two()
    const { document, accounts } = await there.service.export({ passphrase, accounts: ['github:ada', ids.ada] }, owner)
    expect(accounts).toBe(1)
    await here.import(document)
    expect(here.vault.accounts.list().map(({ alias }) => alias)).toEqual(['github:ada'])
    expect(here.vault.registrations.list().map(({ id }) => id)).toEqual([ids.github])
    expect(here.vault.registrations.clientSecret(ids.github)).toBe('github-secret')
    expect(here.vault.bindings.list()).toHaveLength(1)
    expect([here.vault.providers.list(), here.vault.routes.list(), here.vault.webhooks.endpoints()]).toEqual([
      [],
      [],
      [],
    ])
  })

  it('bring their own provider and its network route', async () => {
    const { there, here } = await two()
    await here.import(await there.export('github:robot'))
    expect(here.vault.providers.list().map(({ id }) => id)).toEqual(['acme'])
    expect(here.vault.routes.get('acme')?.proxyPassword).toBe('proxy-password')
    expect(here.catalogue.get('acme').name).toBe('Acme')
  })

  it('that are not there are named', async () => {
    const { there } = await two()
    await expect(there.export('nobody')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('an account that is here already', () => {
  async function met() {
    const { there, here } = await two()
    fill(here)
    here.vault.accounts.save({ ...accountOf(here, ids.ada), id: 'acc_here000000000000', alias: 'mine' })
    here.vault.accounts.remove(ids.ada)
    here.vault.tokens.put('acc_here000000000000', tokens({ accessToken: 'here', obtainedAt: 5000 }))
    const putThere = (obtainedAt: number) =>
      there.vault.tokens.put(ids.ada, tokens({ accessToken: 'there', obtainedAt }))
    const heldHere = () => here.vault.tokens.get('acc_here000000000000')?.accessToken
    const outcome = async (rule: 'keep' | 'replace' | 'newer') => {
      const { accounts } = await here.import(await there.export('github:ada'), rule)
      return accounts.map((it) => [it.alias, it.outcome])
    }
    return { there, here, putThere, heldHere, outcome }
  }

  it('[F15] keep: stays as it is, however old', async () => {
    const { putThere, heldHere, outcome } = await met()
    putThere(9000)
    expect(await outcome('keep')).toEqual([['mine', 'kept']])
    expect(heldHere()).toBe('here')
  })

  it('[F15] newer: takes tokens that were obtained later, and no others', async () => {
    const { putThere, heldHere, outcome } = await met()
    putThere(5000)
    expect(await outcome('newer')).toEqual([['mine', 'kept']])
    expect(heldHere()).toBe('here')
    putThere(5001)
    expect(await outcome('newer')).toEqual([['mine', 'replaced']])
    expect(heldHere()).toBe('there')
  })

  it('[F15] replace: takes even older ones; its name and what was done to it here stay', async () => {
    const { here, putThere, heldHere, outcome } = await met()
    putThere(1)
    here.vault.accounts.setEnabled('acc_here000000000000', false, 77)
    expect(await outcome('replace')).toEqual([['mine', 'replaced']])
    expect(heldHere()).toBe('there')
    expect(here.vault.accounts.get('acc_here000000000000')).toMatchObject({
      alias: 'mine',
      enabled: false,
      disabledAt: 77,
    })
    expect(here.vault.accounts.list()).toHaveLength(3)
  })

  it('is not taken from under a refresh: one under way ends first', async () => {
    const { here, putThere, outcome } = await met()
    putThere(9000)
    await outcome('newer')
    expect(here.held).toEqual(['acc_here000000000000', 'released acc_here000000000000'])
  })

  it('is not lost for tokens that the file does not have', async () => {
    const { there, heldHere, outcome } = await met()
    there.vault.tokens.remove(ids.ada)
    expect(await outcome('replace')).toEqual([['mine', 'kept']])
    expect(heldHere()).toBe('here')
  })
})

describe('what gets in each other’s way', () => {
  it('[F15] an alias that is taken: the other account gets a number', async () => {
    const { there, here } = await two()
    fill(here)
    const ada = accountOf(here, ids.ada)
    here.vault.accounts.save({ ...ada, alias: 'GitHub:ADA', identity: { ...person('ada'), subject: 'another' } })
    const { accounts } = await here.import(await there.export('github:ada'))
    expect(accounts).toMatchObject([{ alias: 'github:ada (2)', outcome: 'renamed' }])
    expect(accounts[0]?.reason).toContain('another account “github:ada”')
    expect(here.vault.tokens.get(ids.ada)?.accessToken).toBe('ada-access')
    expect(here.vault.accounts.byAlias('github:ada (2)')?.id).not.toBe(ids.ada)
  })

  it('one person with two clients: each account keeps its own tokens', async () => {
    const { there, here } = await two()
    fill(here)
    for (const { vault } of [there, here]) {
      const second = id('reg', 'secnd')
      vault.registrations.save({ ...registrationOf({ vault }, ids.github), id: second, clientId: 'second' }, null)
      const ada = accountOf({ vault }, ids.ada)
      vault.accounts.save({ ...ada, id: id('acc', 'secnd'), registrationId: second, alias: 'second' })
    }
    there.vault.tokens.put(id('acc', 'secnd'), tokens({ accessToken: 'second' }))
    // Another id here, so that the person and the client are all there is to go by.
    here.vault.accounts.save({ ...accountOf(here, id('acc', 'secnd')), id: id('acc', 'thrd'), alias: 'third' })
    here.vault.accounts.remove(id('acc', 'secnd'))
    const { accounts } = await here.import(await there.export('second', 'github:ada'), 'replace')
    expect(accounts.map((it) => [it.alias, it.outcome])).toEqual([
      ['third', 'replaced'],
      ['github:ada', 'replaced'],
    ])
    expect(here.vault.tokens.get(id('acc', 'thrd'))?.accessToken).toBe('second')
    expect(here.vault.tokens.get(ids.ada)?.accessToken).toBe('ada-access')
  })

  it('two accounts of one person in the file are not both the one that is here', async () => {
    const { there, here } = await two()
    fill(here)
    const second = id('reg', 'secnd')
    there.vault.registrations.save({ ...registrationOf(there, ids.github), id: second, clientId: 'second' }, null)
    const ada = accountOf(there, ids.ada)
    there.vault.accounts.save({ ...ada, id: id('acc', 'secnd'), registrationId: second, alias: 'second' })
    there.vault.tokens.put(id('acc', 'secnd'), tokens({ accessToken: 'second' }))
    const { accounts } = await here.import(await there.export('second', 'github:ada'), 'replace')
    expect(accounts.map((it) => [it.alias, it.outcome])).toEqual([
      ['second', 'added'],
      ['github:ada', 'replaced'],
    ])
    expect(here.vault.tokens.get(ids.ada)?.accessToken).toBe('ada-access')
  })

  it('a registration of the same client is used as it is here', async () => {
    const { there, here } = await two()
    const own = { ...registrationOf(there, ids.github), id: 'reg_mine000000000000', name: 'Mine' }
    here.vault.registrations.save(own, 'my-secret')
    await here.import(await there.export('github:ada'))
    expect(here.vault.registrations.list().map(({ name }) => name)).toEqual(['Mine'])
    expect(here.vault.registrations.clientSecret('reg_mine000000000000')).toBe('my-secret')
    expect(here.vault.accounts.get(ids.ada)?.registrationId).toBe('reg_mine000000000000')
  })

  it('a registration of the same id that is another client stays, and the other one comes beside it', async () => {
    const { there, here } = await two()
    here.vault.registrations.save({ ...registrationOf(there, ids.github), clientId: 'another' }, 'my-secret')
    await here.import(await there.export('github:ada'))
    expect(here.vault.registrations.get(ids.github)?.clientId).toBe('another')
    const { registrationId } = accountOf(here, ids.ada)
    expect(here.vault.registrations.get(registrationId)?.clientId).toBe('github-client')
  })

  it('[F15] a provider of the same id that differs is kept and named; its accounts do not get to other hosts', async () => {
    const { there, here } = await two()
    const definition = acme(here, 'elsewhere.example')
    here.vault.providers.save({ id: 'acme', definition, createdAt: 1, updatedAt: 1 })
    here.catalogue.changed()
    const { accounts } = await here.import(await there.export())
    expect(here.vault.providers.list()[0]?.definition).toBe(definition)
    const robot = accounts.find(({ alias }) => alias === 'github:robot')
    expect(robot).toMatchObject({ outcome: 'left_out', provider_id: 'acme' })
    expect(robot?.reason).toContain('Acme')
    expect(here.vault.accounts.get(ids.robot)).toBeNull()
    expect(here.vault.registrations.get(ids.acme)).toBeNull()
    expect(accounts.filter(({ outcome }) => outcome === 'added')).toHaveLength(2)
  })

  it('a provider that differs in words alone is kept, and its accounts come', async () => {
    const { there, here } = await two()
    const definition = acme(here).replace('"name":"Acme"', '"name":"My Acme"')
    here.vault.providers.save({ id: 'acme', definition, createdAt: 1, updatedAt: 1 })
    here.catalogue.changed()
    const { accounts } = await here.import(await there.export('github:robot'))
    expect(accounts[0]).toMatchObject({ outcome: 'added', reason: expect.stringContaining('My Acme') })
    expect(here.vault.providers.list()[0]?.definition).toBe(definition)
  })
})

it('an export and an import are on record, and announced, without a secret', async () => {
  const { there, here } = await two()
  await here.import(await there.export())
  expect(there.activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'vault', actor: 'owner' })
  expect(there.activity.list({ limit: 1 })[0]?.summary).toContain('3 accounts')
  const [entry] = here.activity.list({ limit: 1 })
  expect(entry?.detail).toMatchObject({ added: 3, replaced: 0, kept: 0, left_out: 0, registrations: 2, webhooks: 1 })
  expect(JSON.stringify([entry, there.activity.list({ limit: 5 })])).not.toMatch(/access|refresh-1|secret|password/)
  const types = here.emitted.map(({ type }) => type)
  expect(types.filter((it) => it === 'account')).toHaveLength(3)
  expect(types).toEqual(expect.arrayContaining(['provider', 'registration', 'webhook', 'activity']))
})

it('a locked vault gives nothing out and takes nothing in', async () => {
  const { there, here } = await two()
  const document = await there.export()
  there.vault.lock('Locked.')
  here.vault.lock('Locked.')
  await expect(there.export()).rejects.toMatchObject({ code: 'locked' })
  await expect(here.import(document)).rejects.toMatchObject({ code: 'locked' })
})

it('[F15] whatever a provider gave and a person entered comes out as it went in', async () => {
  const { there, here } = await two()
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }).filter((it) => it.isWellFormed())
  const maybe = fc.option(text)
  const set = fc.record({
    accessToken: text,
    refreshToken: maybe,
    idToken: maybe,
    tokenType: fc.constantFrom('Bearer', 'DPoP', 'mac'),
    scopes: fc.array(text, { maxLength: 5 }),
    obtainedAt: fc.integer({ min: 0, max: 4e12 }),
    expiresAt: fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 })),
    expirySource: fc.constantFrom('expires_in' as const, 'fallback' as const, 'jwt' as const, 'unknown' as const),
    extra: fc.dictionary(fc.stringMatching(/^[a-z][a-z_.]{0,20}$/), text, { maxKeys: 4 }),
  })
  const credentials = fc.record({ username: text, password: text, subject: text }, { requiredKeys: [] })
  const secret = fc.option(text)
  await fc.assert(
    fc.asyncProperty(set, credentials, secret, async (tokenSet, entered, clientSecret) => {
      there.vault.tokens.put(ids.ada, tokenSet)
      there.vault.accounts.setCredentials(ids.ada, entered)
      there.vault.routes.save('acme', plainRoute, { proxyPassword: clientSecret, privateKey: clientSecret })
      here.vault.routes.remove('acme')
      here.vault.registrations.remove(ids.acme)
      await here.import(await there.export(), 'replace')
      expect(holdings(here.vault)).toEqual(holdings(there.vault))
    }),
    { numRuns: 40 },
  )
}, 60_000)

const plainRoute = { proxy: null, proxyUsername: null, caBundle: null, certificate: null, privateNetwork: false }
