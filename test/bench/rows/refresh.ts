import { Agent } from 'undici'
import { startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { startHost } from '../support/host.ts'
import { newProfile } from '../support/profile.ts'
import type { Result } from '../support/results.ts'

const callers = 1000

/** A thousand callers who all want the one token that has just expired: counted at the provider. */
export async function refreshRow(): Promise<Result[]> {
  const server = await startAuthorizationServer({ clientAuthentication: 'client_secret_basic' })
  const now = Date.now()
  const profile = await newProfile((vault) => {
    const definition = server.definition()
    vault.providers.save({
      id: definition.id,
      definition: JSON.stringify({
        ...definition,
        evidence: 'unverified',
        grants: ['authorization_code', 'password'],
        sign_in: { via: 'browser', reason: 'Nobody signs in.' },
      }),
      createdAt: now,
      updatedAt: now,
    })
    vault.registrations.save(
      {
        id: 'reg_test',
        providerId: definition.id,
        name: 'Test',
        description: '',
        clientId: server.clientId,
        clientAuthentication: 'client_secret_basic',
        scopes: ['openid', 'offline_access', 'profile'],
        variables: {},
        extraHosts: [],
        fallbackExpiry: null,
        enabled: true,
        options: {},
        createdAt: now,
        updatedAt: now,
      },
      server.clientSecret,
    )
  })
  const host = await startHost(profile)
  const agent = new Agent({ connections: callers, pipelining: 1 })
  try {
    const password = 'a password of the bench'
    server.passwords.set('ada', password)
    const flow = await host.api.call<{ id: string; account_id: string | null }>('POST', '/v1/connect', {
      registration: 'reg_test',
      grant: 'password',
      username: 'ada',
      password,
    })
    const account = await connected(host.api, flow)
    await host.api.call('POST', `/v1/accounts/${account}/expire`)
    const before = server.refreshes()
    const begun = performance.now()
    const answers = await Promise.all(
      Array.from({ length: callers }, async () => {
        const { statusCode, body } = await agent.request({
          origin: host.api.http,
          path: `/v1/accounts/${account}/token`,
          method: 'POST',
          headers: { authorization: `Bearer ${host.api.ownerKey}` },
        })
        return { statusCode, token: ((await body.json()) as { access_token?: string }).access_token }
      }),
    )
    const took = performance.now() - begun
    const refreshes = server.refreshes() - before
    const good = answers.filter(({ statusCode }) => statusCode === 200).length
    const tokens = new Set(answers.map(({ token }) => token)).size
    return [
      {
        work: '1,000 callers asking for one expired token',
        against: 'refreshes at the provider',
        unit: 'refreshes',
        goal: 'exactly 1',
        latchkey: refreshes,
        met: refreshes === 1 && good === callers && tokens === 1,
        note: `${good} of ${callers} were answered, with ${tokens} token${tokens === 1 ? '' : 's'}, within ${took.toFixed(0)} ms`,
      },
    ]
  } finally {
    await agent.destroy()
    await host.stop()
    profile.remove()
    await server.close()
  }
}

async function connected(
  api: Awaited<ReturnType<typeof startHost>>['api'],
  flow: { id: string; account_id: string | null },
): Promise<string> {
  for (let it: { account_id: string | null; state?: string; failure?: unknown } = flow; ; ) {
    if (it.account_id !== null) return it.account_id
    if (it.state === 'failed') throw new Error(`The sign-in failed: ${JSON.stringify(it.failure)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    it = await api.call('GET', `/v1/flows/${flow.id}`)
  }
}
