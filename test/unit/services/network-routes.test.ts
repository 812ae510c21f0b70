import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import { createNetworkRoutes } from '../../../electron/services/network-routes.ts'
import { type NetworkRouteInput, networkRouteInputSchema } from '../../../shared/contract-network.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { type Authority, createAuthority, hasOpenssl, type Pair } from '../../doubles/authority.ts'
import { settableClock, unlocked } from '../vault/support.ts'

const page = { kind: 'page' } as const

async function world() {
  const { vault } = await unlocked()
  const events = createEventBus<LatchkeyEvent>()
  const activity = createActivity({ vault, clock: settableClock(), events })
  const egress = createEgress({ vault, activity })
  const routes = createNetworkRoutes({ vault, catalogue: loadCatalogue(), egress, events, activity })
  const save = (input: Partial<NetworkRouteInput>) =>
    routes.save(networkRouteInputSchema.parse({ provider_id: 'github', ...input }), page)
  return { vault, egress, routes, save }
}

const github = () => loadCatalogue().get('github')

describe('network routes', () => {
  it('[E8] are kept for each provider; a password that is not sent again stays', async () => {
    const { routes, save, vault } = await world()
    save({ proxy: 'http://proxy.corp.test:3128/', proxy_username: 'ada', proxy_password: 'hidden' })
    expect(routes.list()).toMatchObject([{ provider_id: 'github', proxy: 'http://proxy.corp.test:3128' }])
    save({ proxy: 'socks5://proxy.corp.test', proxy_username: 'ada' })
    expect(routes.forProvider(github(), {})).toMatchObject({
      proxy: { url: 'socks5://proxy.corp.test:1080', username: 'ada', password: 'hidden' },
      privateNetwork: false,
      loopback: false,
    })
    save({ proxy: 'socks5://proxy.corp.test', proxy_username: 'ada', proxy_password: '' })
    expect(vault.routes.get('github')?.proxyPassword).toBeNull()
    routes.remove('github', page)
    expect(routes.list()).toEqual([])
    expect(routes.forProvider(github(), {})).toEqual({ privateNetwork: false, loopback: false, allow: null })
    expect(() => routes.remove('github', page)).toThrow('no network route')
  })

  it('`direct` goes past the system’s proxy', async () => {
    const { routes, save } = await world()
    save({ proxy: 'direct' })
    expect(routes.forProvider(github(), {}).proxy).toBeNull()
  })

  it('the practice provider has none, whatever the allow list says', async () => {
    const { routes, save, egress } = await world()
    egress.allow(['login.example.com'], page)
    const practice = loadCatalogue().get('practice')
    expect(routes.forProvider(practice, {})).toMatchObject({ proxy: null, allow: null, privateNetwork: true })
    expect(() => save({ provider_id: 'practice', private_network: true })).toThrow('inside Latchkey')
  })

  it('only what the person wrote makes a provider one of this machine', async () => {
    const { routes } = await world()
    const generic = loadCatalogue().get('openid-connect')
    expect(routes.forProvider(generic, { issuer: 'http://localhost:9000' }).loopback).toBe(true)
    expect(routes.forProvider(generic, { issuer: 'https://id.example.com' }).loopback).toBe(false)
  })

  it.each<[string, Partial<NetworkRouteInput>]>([
    ['proxy', { proxy: 'proxy.corp.test' }],
    ['proxy', { proxy: 'ftp://proxy.corp.test' }],
    ['proxy', { proxy: 'http://ada:secret@proxy.corp.test' }],
    ['proxy', { proxy: 'http://proxy.corp.test/path' }],
    ['proxy_username', { proxy_username: 'ada' }],
    ['proxy_username', { proxy: 'http://proxy.corp.test', proxy_password: 'secret' }],
    ['ca_bundle', { ca_bundle: 'secret' }],
    ['ca_bundle', { ca_bundle: '-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----' }],
    ['certificate', { certificate: 'secret' }],
    ['certificate', { private_key: 'secret' }],
  ])('name the field that is wrong: %s', async (field, input) => {
    const { save, routes } = await world()
    let thrown: unknown
    try {
      save(input)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'invalid_request', details: { field } })
    expect(String(thrown)).not.toContain('secret')
    expect(routes.list()).toEqual([])
  })
})

describe.skipIf(!hasOpenssl)('certificates of a route', () => {
  let authority: Authority
  let one: Pair
  let other: Pair
  beforeAll(() => {
    authority = createAuthority()
    one = authority.issue('one')
    other = authority.issue('other')
  })
  afterAll(() => authority.close())

  it('[E8] are a CA bundle and a client certificate with its key', async () => {
    const { save, routes } = await world()
    const two = `${authority.certificate}\n${authority.certificate}`
    save({ ca_bundle: two, certificate: one.certificate, private_key: one.privateKey })
    expect(routes.forProvider(github(), {})).toMatchObject({ certificate: expect.stringContaining('BEGIN') })
    // The certificate goes, and its key with it.
    save({ ca_bundle: two })
    expect(routes.list()).toMatchObject([{ certificate: null, has_private_key: false }])
  })

  it('do not fit: the key of another, no key, a server’s certificate as an authority, a key in the bundle', async () => {
    const { save } = await world()
    const field = (name: string) => expect.objectContaining({ details: { field: name } })
    expect(() => save({ certificate: one.certificate, private_key: other.privateKey })).toThrow(field('private_key'))
    expect(() => save({ certificate: one.certificate })).toThrow(field('private_key'))
    expect(() => save({ ca_bundle: one.certificate })).toThrow(field('ca_bundle'))
    expect(() => save({ ca_bundle: `${authority.certificate}${one.privateKey}` })).toThrow(field('ca_bundle'))
  })
})

describe('allowed endpoint hosts', () => {
  it('[E7] are any at first, then those of the list, in one spelling, and any again', async () => {
    const { egress, routes } = await world()
    expect(egress.get()).toEqual({ hosts: null })
    expect(egress.allow(['Login.Example.com', '*.corp.test', 'id.test:8443', 'login.example.com'], page)).toEqual({
      hosts: ['login.example.com', '*.corp.test', 'id.test:8443'],
    })
    expect(routes.forProvider(github(), {}).allow).toHaveLength(3)
    expect(egress.allow(null, page)).toEqual({ hosts: null })
  })

  it.each(['', 'https://login.example.com', 'login.example.com/path', '*', '*.com', 'a b', 'user@host'])(
    '[E7] “%s” is no host',
    async (host) => {
      const { egress } = await world()
      expect(() => egress.allow([host], page)).toThrow('is not a host')
      expect(egress.get()).toEqual({ hosts: null })
    },
  )
})
