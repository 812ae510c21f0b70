import { describe, expect, it, onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import { createValidationService } from '../../../electron/services/validation.ts'
import { world } from '../connect/world.ts'
import { endpointsOf } from '../oauth/support.ts'
import { never, newOAuth, provider, settingsOf, signIn } from './support.ts'

const caller = { kind: 'page' as const }

/** The sign-ins' world with a token and a validation service, and Ada signed in. */
async function validating(options: Parameters<typeof world>[0] = {}) {
  const parts = await world(options)
  const settings = (accountId: string) => parts.clientSettings.forAccount(accountId)
  const tokens = createTokenService({ ...parts, settings })
  const service = createValidationService({ ...parts, tokens })
  onTestFinished(() => service.stop())
  const { account_id: id } = await parts.connectAs('ada')
  if (id === null) throw new Error('Nobody signed in.')
  return { ...parts, tokens, service, id }
}

/** Endpoints written down, without the ones that are left out. */
function withoutDiscovery(issuer: string, left: string[]): Partial<Definition> {
  const { endpoints } = endpointsOf(issuer)
  const kept = Object.fromEntries(Object.entries(endpoints ?? {}).filter(([name]) => !left.includes(name)))
  return { discovery: undefined, endpoints: kept as Definition['endpoints'] }
}

describe('validation of an account', () => {
  it('[D2] by introspection: good, stored, shown and on record', async () => {
    const { service, id, activity, vault } = await validating({ definition: { validation: ['introspection'] } })
    const account = await service.validate(id, caller)
    expect(account.validation).toMatchObject({ good: true, reason: 'Test provider says that the token is active.' })
    expect(account.status.state).toBe('active')
    expect(vault.accounts.get(id)?.validation?.good).toBe(true)
    expect(activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'validated', actor: 'page', detail: { good: true } })
  })

  it('[D2] by userinfo', async () => {
    const { service, id } = await validating({ definition: { validation: ['userinfo'] } })
    expect((await service.validate(id, caller)).validation).toMatchObject({ good: true })
  })

  it('[D2] a token that is not accepted is refreshed once, and good again', async () => {
    const { service, id, server, vault } = await validating({ definition: { validation: ['userinfo'] } })
    const before = vault.tokens.get(id)?.accessToken
    const tries: (string | undefined)[] = []
    server.answer('/me', (request, response) => {
      tries.push(request.headers.authorization)
      const good = request.headers.authorization !== `Bearer ${before}`
      response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' }).end('{"sub":"ada"}')
    })
    const account = await service.validate(id, caller)
    expect(account).toMatchObject({ status: { state: 'active' }, validation: { good: true } })
    expect(tries).toHaveLength(2)
    expect(vault.tokens.get(id)?.accessToken).not.toBe(before)
  })

  it('[D2] one that a refresh does not help needs its person, and its tokens are kept', async () => {
    const { service, id, server, vault, seen } = await validating({ definition: { validation: ['userinfo'] } })
    server.answer('/me', (_, response) => void response.writeHead(401).end())
    const account = await service.validate(id, caller)
    expect(account.status).toMatchObject({ state: 'reauth_required', reason: expect.stringContaining('HTTP 401') })
    expect(account.validation).toMatchObject({ good: false })
    expect(vault.tokens.get(id)).not.toBeNull()
    expect(seen.at(-1)).toEqual({ type: 'account', account_id: id, state: 'reauth_required' })
  })

  it('[D2] a grant that was ended at the provider is told as a state, not as an error', async () => {
    const { service, id, oauth, clientSettings, vault } = await validating({
      definition: { validation: ['introspection'] },
    })
    const tokens = vault.tokens.get(id)
    if (!tokens) throw new Error('There are no tokens.')
    await oauth.revoke(await clientSettings.forAccount(id), tokens, never)
    const account = await service.validate(id, caller)
    expect(account).toMatchObject({ status: { state: 'reauth_required' }, validation: { good: false } })
  })

  it.each([503, 429])('[D2] HTTP %s says nothing of the token: the account stays as it is', async (status) => {
    const { service, id, server, accounts } = await validating({ definition: { validation: ['userinfo'] } })
    server.answer('/me', (_, response) => void response.writeHead(status).end())
    await expect(service.validate(id, caller)).rejects.toMatchObject({ code: 'provider_unreachable' })
    expect(accounts.view(accounts.resolve(id))).toMatchObject({ status: { state: 'active' }, validation: null })
  })

  it('[D2] an introspection that refuses the client says nothing of the token: the next way is asked', async () => {
    const { service, id, server } = await validating()
    server.answer('/token/introspection', (_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}')
    })
    expect((await service.validate(id, caller)).validation).toMatchObject({
      good: true,
      reason: 'Test provider accepts the token.',
    })
  })

  it('[D2] a provider without any way of telling is named, and nothing changes', async () => {
    const { service, id, accounts, clientSettings, ...parts } = await validating()
    const oauth = createOAuth({ network: createNetwork(), clock: parts.clock })
    const settings = await clientSettings.forAccount(id)
    const definition = {
      ...settings.definition,
      ...withoutDiscovery(parts.server.issuer, ['userinfo', 'introspection']),
    }
    const bare = createValidationService({
      ...parts,
      accounts,
      oauth,
      clientSettings: { forAccount: async () => ({ ...settings, definition }) },
    })
    await expect(bare.validate(id, caller)).rejects.toMatchObject({ code: 'invalid_request' })
    expect(accounts.view(accounts.resolve(id)).validation).toBeNull()
    expect(service.settings()).toEqual({ interval_minutes: 0 })
  })

  it('[D2] a disabled account is not asked about', async () => {
    const { service, id, vault } = await validating()
    vault.accounts.setEnabled(id, false, Date.now())
    await expect(service.validate(id, caller)).rejects.toMatchObject({ code: 'account_disabled' })
  })
})

describe('validation on a schedule', () => {
  it('[D2] is off by default, and asks each account once in its interval', async () => {
    const { service, id, server, clock, accounts } = await validating({ definition: { validation: ['userinfo'] } })
    let asked = 0
    server.answer('/me', (_, response) => {
      asked += 1
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":"ada"}')
    })
    await service.tick()
    expect(asked).toBe(0)

    expect(service.configure({ interval_minutes: 10 })).toEqual({ interval_minutes: 10 })
    await service.tick()
    await service.tick()
    expect(asked).toBe(1)
    clock.advance(9 * 60_000)
    await service.tick()
    expect(asked).toBe(1)
    clock.advance(60_000)
    await Promise.all([service.tick(), service.tick()])
    expect(asked).toBe(2)
    expect(accounts.view(accounts.resolve(id)).validation).toMatchObject({ good: true })
  })

  it('[D2] leaves a provider alone that does not answer, and says nothing while locked', async () => {
    const { service, server, clock, vault } = await validating({ definition: { validation: ['userinfo'] } })
    let asked = 0
    server.answer('/me', (_, response) => {
      asked += 1
      response.writeHead(503).end()
    })
    service.configure({ interval_minutes: 10 })
    await service.tick()
    await service.tick()
    expect(asked).toBe(1)
    clock.advance(10 * 60_000)
    vault.lock('for the test')
    await service.tick()
    expect(asked).toBe(1)
  })
})

describe('a validation request of the provider’s own', () => {
  it('[D2] gets the token where the API takes it, and believes ok:false', async () => {
    const server = await provider()
    const settings = settingsOf('slack-template', server)
    const { tokens, oauth } = await signIn(settings)
    expect(await oauth.validate(settings, tokens, never)).toMatchObject({ good: true, by: 'request' })
    expect(server.at('/slack/auth.test')[0]?.headers.authorization).toBe(`Bearer ${tokens.accessToken}`)
    server.endAccessTokens()
    expect(await oauth.validate(settings, tokens, never)).toEqual({
      good: false,
      by: 'request',
      reason: 'Slack does not accept the token (invalid_auth).',
    })
    server.answerOnce('/slack/auth.test', { body: '{"ok":false,"error":"ratelimited"}' })
    await expect(oauth.validate(settings, tokens, never)).rejects.toMatchObject({ code: 'provider_unreachable' })
  })

  it('[D2] a page in place of the answer says nothing of the token', async () => {
    const server = await provider()
    const settings = settingsOf('slack-template', server)
    const { tokens } = await signIn(settings)
    server.answerOnce('/slack/auth.test', { contentType: 'text/html', body: '<h1>Sign in to the hotel</h1>' })
    await expect(newOAuth().validate(settings, tokens, never)).rejects.toMatchObject({ code: 'provider_unreachable' })
  })
})
