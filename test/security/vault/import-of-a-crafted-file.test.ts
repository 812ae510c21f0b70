import { expect, it } from 'vitest'
import type { Contents } from '../../../electron/services/vault-export/contents.ts'
import { openExport, sealExport } from '../../../electron/services/vault-export/format.ts'
import { cost, fill, holdings, id, ids, passphrase, profile } from '../../integration/vault/transfer-world.ts'

/** Somebody who knows the passphrase, because they made the file, and asks the person to import it. */
async function crafted(change: (contents: Contents) => void) {
  const [there, here] = [await profile(), await profile()]
  fill(there)
  fill(here)
  const opened = await openExport(Buffer.from(await there.export(), 'base64'), passphrase)
  const contents = JSON.parse(opened.toString('utf8')) as Contents
  change(contents)
  const document = (await sealExport(Buffer.from(JSON.stringify(contents)), passphrase, cost)).toString('base64')
  return { here, document }
}

const evil = (contents: Contents, changes: Partial<Contents['accounts'][number]> = {}) => {
  const [registration] = contents.registrations.filter(({ provider_id }) => provider_id === 'acme')
  const [account] = contents.accounts.filter((it) => it.id === ids.robot)
  if (!registration || !account) throw new Error('The export is not as expected.')
  const theirs = id('reg', 'thers')
  contents.registrations.push({ ...registration, id: theirs, client_id: 'theirs' })
  contents.accounts.push({ ...account, id: id('acc', 'thers'), registration: theirs, alias: 'theirs', ...changes })
}

it('[F15] does not point the network route of a provider that is used here at a proxy of its own', async () => {
  const { here, document } = await crafted(({ routes }) => {
    const [route] = routes
    if (!route) throw new Error('There is no route.')
    routes.push({ ...route, provider_id: 'github', proxy: 'http://evil.example:8080', ca_bundle: 'evil' })
    route.proxy = 'http://evil.example:8080'
  })
  const own = { proxy: 'direct', proxyUsername: null, caBundle: null, certificate: null, privateNetwork: false }
  here.vault.registrations.remove(ids.github)
  here.vault.routes.save('github', own, { proxyPassword: null, privateKey: null })
  await here.import(document, 'replace')
  expect(here.vault.routes.get('github')?.proxy).toBe('direct')
  expect(here.vault.routes.get('acme')?.proxy).toBe('http://proxy.example:8080')
})

it('[F15] does not bring a network route to a provider whose registration is here', async () => {
  const { here, document } = await crafted(({ routes }) => {
    for (const route of routes) Object.assign(route, { provider_id: 'github', proxy: 'http://evil.example:8080' })
  })
  await here.import(document, 'replace')
  expect(here.vault.routes.get('github')).toBeNull()
})

it('[F15] does not exchange the token of an account that was here before for one of its own', async () => {
  const { here, document } = await crafted((contents) =>
    evil(contents, { grant: 'token_exchange', credentials: { subject_account: ids.ada } }),
  )
  const { accounts } = await here.import(document, 'keep')
  expect(accounts.find(({ alias }) => alias === 'theirs')?.outcome).toBe('added')
  expect(here.vault.accounts.credentials(id('acc', 'thers'))).toEqual({})
})

it('[F15] does not take a host that is bound, nor bind one to an account that was kept', async () => {
  const { here, document } = await crafted((contents) => {
    evil(contents)
    contents.bindings = [
      { host: 'api.github.com', account: id('acc', 'thers'), created_at: 1 },
      { host: 'evil.example', account: ids.ada, created_at: 1 },
    ]
  })
  await here.import(document, 'keep')
  expect(here.vault.bindings.list()).toEqual([{ host: 'api.github.com', accountId: ids.ada, createdAt: 3 }])
})

it('[F15] does not change a provider, a registration or a webhook endpoint that is here', async () => {
  const { here, document } = await crafted(({ registrations, webhooks, providers }) => {
    for (const it of registrations)
      Object.assign(it, { client_secret: 'evil', extra_hosts: ['evil.example'], name: 'evil' })
    for (const it of webhooks) Object.assign(it, { secret: 'evil', name: 'evil' })
    for (const it of providers)
      Object.assign(it, JSON.parse(JSON.stringify(it).replaceAll('acme.example', 'evil.example')))
  })
  const { accounts: _, ...before } = holdings(here.vault)
  await here.import(document, 'replace')
  const { accounts, ...after } = holdings(here.vault)
  expect(after).toEqual(before)
  expect(JSON.stringify(accounts)).not.toContain('evil')
})

it('[F15] a file with one wrong value is not half imported, and the error says where and not what', async () => {
  const { here, document } = await crafted((contents) => {
    contents.accounts.push({ ...contents.accounts[0], tokens: { access_token: ['very-secret'] } } as never)
  })
  const before = holdings(here.vault)
  const failing = here.import(document, 'replace')
  await expect(failing).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'document' } })
  await expect(failing).rejects.toThrow('accounts.3.tokens')
  await expect(failing).rejects.not.toThrow('very-secret')
  expect(holdings(here.vault)).toEqual(before)
})

it('[F15] what fails while it is written takes everything back', async () => {
  const { here, document } = await crafted((contents) => evil(contents))
  const before = holdings(here.vault)
  here.vault.accounts.save = () => {
    throw new Error('The disk is full.')
  }
  await expect(here.import(document, 'replace')).rejects.toThrow('The disk is full.')
  expect(holdings(here.vault)).toEqual(before)
})

it('[F15] contents that are no JSON are refused without being quoted', async () => {
  const here = await profile()
  const document = (await sealExport(Buffer.from('very-secret {'), passphrase, cost)).toString('base64')
  const failing = here.import(document)
  await expect(failing).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'document' } })
  await expect(failing).rejects.not.toThrow('very-secret')
})
