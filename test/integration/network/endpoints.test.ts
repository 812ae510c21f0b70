import fs from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { connectPractice, startHost } from '../whole/host.ts'

async function house() {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  const authorization = `Bearer ${fs.readFileSync(host.paths.ownerKey, 'utf8').trim()}`
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${host.latchkey.api.http}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: answer.status, body: await answer.json() }
  }
  return { host, api }
}

it('[E7] a sign-in at endpoints outside of the profile’s list ends at once, naming the host and the way out', async () => {
  const { host, api } = await house()
  expect(await api('PATCH', '/v1/network/endpoint-hosts', { hosts: ['Login.Example.com'] })).toEqual({
    status: 200,
    body: { hosts: ['login.example.com'] },
  })
  const registration = await api('POST', '/v1/registrations', {
    provider_id: 'openid-connect',
    name: 'Corp',
    client_id: 'c',
    client_authentication: 'none',
    scopes: ['openid'],
    variables: { issuer: 'https://id.corp.test' },
  })
  expect(registration.status).toBe(200)
  const { body: flow } = await api('POST', '/v1/connect', { registration: registration.body.id, via: 'paste' })
  expect(flow).toMatchObject({
    state: 'failed',
    failure: {
      code: 'destination_not_allowed',
      message: expect.stringContaining('id.corp.test'),
      remedy: expect.stringContaining('add id.corp.test'),
    },
  })
  // The practice provider is Latchkey itself.
  expect(await connectPractice(host)).toMatchObject({ status: { state: 'active' } })
})

it('[E8] a provider’s route is set, shown without its secrets, and removed over the local API', async () => {
  const { api } = await house()
  const route = { provider_id: 'github', proxy: 'http://127.0.0.1:1', proxy_username: 'ada', proxy_password: 'hidden' }
  const shown = {
    provider_id: 'github',
    proxy: 'http://127.0.0.1:1',
    proxy_username: 'ada',
    has_proxy_password: true,
    ca_bundle: null,
    certificate: null,
    has_private_key: false,
    private_network: false,
  }
  expect(await api('POST', '/v1/network/routes', route)).toEqual({ status: 200, body: shown })
  expect(await api('GET', '/v1/network/routes')).toEqual({ status: 200, body: [shown] })
  expect(await api('POST', '/v1/network/routes', { ...route, proxy: 'nowhere' })).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_request', field: 'proxy' } },
  })
  expect((await api('DELETE', '/v1/network/routes/github')).status).toBe(200)
  expect((await api('DELETE', '/v1/network/routes/github')).status).toBe(404)
  expect(await api('GET', '/v1/network/routes')).toEqual({ status: 200, body: [] })
})
