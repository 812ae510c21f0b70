import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { world } from './world.ts'

const mine = { ...loadCatalogue().get('github'), id: 'mine', name: 'My service' }
const passphrase = 'correct horse battery'
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

/** A place with an own provider and a registration that has a secret and a key. */
async function filled() {
  const place = await world()
  await place.call('providers.save', { definition: mine })
  await place.call('registrations.save', {
    provider_id: 'mine',
    name: 'Home',
    client_id: 'client-1',
    client_secret: 'canary-secret',
    private_key: privateKey,
    client_authentication: 'client_secret_post',
    scopes: ['repo'],
    extra_hosts: ['raw.example.com'],
    fallback_expiry: 600,
    options: { audience: 'me' },
  })
  return place
}

describe('export and import of providers', () => {
  it('[A1] carries definitions without secrets; importing them again changes nothing', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', {})
    expect(document).toMatchObject({ format: 'latchkey-providers', version: 1, providers: [{ id: 'mine' }] })
    expect(document).not.toHaveProperty('registrations')
    expect((await call('providers.import', { document })).providers).toMatchObject([
      { id: 'mine', outcome: 'unchanged' },
    ])
    const other = await world()
    const imported = await other.call('providers.import', { document: JSON.parse(JSON.stringify(document)) })
    expect(imported).toMatchObject({ providers: [{ id: 'mine', outcome: 'added' }], registrations: [], warnings: [] })
    expect(other.catalogue.get('mine')).toEqual(mine)
  })

  it('[A1] carries registrations when asked, incomplete without their secrets', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', { registrations: true })
    const text = JSON.stringify(document)
    expect(text).not.toContain('canary')
    expect(text).not.toContain('PRIVATE KEY')
    const other = await world()
    const { registrations } = await other.call('providers.import', { document })
    expect(registrations).toMatchObject([{ name: 'Home', provider_id: 'mine', complete: false }])
    const [saved] = (await other.call('registrations.list', {})).filter(({ provider_id }) => provider_id === 'mine')
    expect(saved).toMatchObject({
      client_id: 'client-1',
      has_client_secret: false,
      has_private_key: false,
      scopes: ['repo'],
      extra_hosts: ['raw.example.com'],
      fallback_expiry: 600,
      options: { audience: 'me' },
      enabled: true,
    })
  })

  it('[A1] carries the secrets only encrypted under a passphrase', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', { registrations: true, passphrase })
    const text = JSON.stringify(document)
    expect(text).not.toContain('canary')
    expect(text).not.toContain('PRIVATE KEY')
    expect(text).not.toContain(passphrase)
    expect(document.secrets).toMatchObject({ kdf: 'scrypt', cipher: 'aes-256-gcm', n: 131_072 })
    const other = await world()
    await expect(other.call('providers.import', { document })).rejects.toMatchObject({
      details: { field: 'passphrase' },
    })
    const wrong = other.call('providers.import', { document, passphrase: 'wrong horse' })
    await expect(wrong).rejects.toMatchObject({ details: { field: 'passphrase' } })
    expect(other.vault.providers.list()).toEqual([])
    const { registrations } = await other.call('providers.import', { document, passphrase })
    expect(registrations).toMatchObject([{ complete: true }])
    const id = registrations[0]?.id ?? ''
    expect(other.vault.registrations.clientSecret(id)).toBe('canary-secret')
    expect(other.vault.registrations.credentials(id).privateKey).toBe(privateKey)
    const without = await (await world()).call('providers.import', { document, without_secrets: true })
    expect(without.registrations).toMatchObject([{ complete: false }])
  })

  it('[A1] secrets do not open in a file that was changed, so none can be led to another host', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', { registrations: true, passphrase })
    const changed = JSON.parse(JSON.stringify(document).replaceAll('https://github.com/', 'https://evil.example/'))
    expect(changed).not.toEqual(document)
    const other = await world()
    const refused = other.call('providers.import', { document: changed, passphrase })
    await expect(refused).rejects.toMatchObject({ details: { field: 'passphrase' } })
    // Written anew by another program, with its members in another order, it is the same.
    const reordered = Object.fromEntries(Object.entries(document).reverse())
    expect((await other.call('providers.import', { document: reordered, passphrase })).registrations).toHaveLength(1)
  })

  it('[A1] replaces a different provider only when told to, and then names new hosts', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', {})
    const text = JSON.stringify(document).replaceAll(
      'https://github.com/login/oauth/access_token',
      'https://new.example/token',
    )
    const changed = JSON.parse(text)
    await expect(call('providers.import', { document: changed })).rejects.toMatchObject({
      details: { field: 'document.providers[0].id' },
    })
    const replaced = await call('providers.import', { document: changed, replace: true })
    expect(replaced.providers).toMatchObject([{ outcome: 'replaced' }])
    expect(replaced.warnings).toMatchObject([{ field: 'endpoints.token' }])
  })

  it.each([
    [{ format: 'something' }, 'document.format'],
    [{ version: 2 }, 'document.version'],
    [{ more: true }, 'document.more'],
    [{ providers: [{ ...mine, name: '' }] }, 'document.providers[0].name'],
    [{ providers: [mine, mine] }, 'document.providers'],
    [{ registrations: [{ name: 'x' }] }, 'document.registrations[0].provider_id'],
    [{ providers: [], registrations: [registrationOf('nowhere')] }, 'document.registrations[0].provider_id'],
    [{ registrations: [{ ...registrationOf('mine'), extra_hosts: ['a b'] }] }, 'document.registrations[0].extra_hosts'],
  ])('[A1] takes in all of a file or nothing, and names what is wrong: %j', async (change, field) => {
    const { call, vault } = await world()
    const registrations = vault.registrations.list()
    const document = { format: 'latchkey-providers', version: 1, exported_at: 'now', providers: [mine], ...change }
    await expect(call('providers.import', { document })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field },
    })
    expect([vault.providers.list(), vault.registrations.list()]).toEqual([[], registrations])
  })

  it('[A1] refuses an encrypted part that asks for more than a machine should give', async () => {
    const { call } = await filled()
    const { document } = await call('providers.export', { registrations: true, passphrase })
    const secrets = { ...(document.secrets as object), n: 2 ** 30 }
    await expect(
      call('providers.import', { document: { ...document, secrets }, passphrase, replace: true }),
    ).rejects.toMatchObject({
      details: { field: 'document.secrets' },
    })
  })
})

function registrationOf(provider_id: string) {
  return { provider_id, name: 'x', client_id: 'x', client_authentication: 'client_secret_post', scopes: [] }
}
