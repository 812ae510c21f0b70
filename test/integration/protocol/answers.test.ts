import { describe, expect, it, onTestFinished } from 'vitest'
import type { Definition } from '../../../electron/providers/definition.ts'
import type { SignInWindows } from '../../../electron/redirects/ports.ts'
import { startOldServer } from '../../doubles/old-server.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from './world.ts'

async function strict(authorization: Definition['authorization'], windows?: SignInWindows) {
  const server = await startStrictServer()
  onTestFinished(() => server.close())
  const client = { definition: server.definition({ authorization }), clientId: server.clientId }
  return { server, ...(await world([client], windows ? { windows } : {})) }
}

type OldOptions = Parameters<typeof startOldServer>[0]

async function old(options: OldOptions, changes: Partial<Definition> & { known?: boolean }, scopes = ['read']) {
  const server = await startOldServer(options)
  onTestFinished(() => server.close())
  const { known, ...definition } = changes
  const issuer = known ? { issuer: server.origin } : {}
  const client = { definition: server.definition({ ...definition, ...issuer }), clientId: server.clientId, scopes }
  return { server, ...(await world([client])) }
}

describe('the ways in which an answer comes back', () => {
  it.each(['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'] as const)(
    '[D4] %s is asked for, read and checked at the loopback address',
    async (mode) => {
      const { server, connectAs, send } = await strict({ response_mode: mode })
      const flow = await connectAs('ada')
      expect(flow.failure).toBeNull()
      expect(flow.state).toBe('completed')
      expect(server.last('authorization').parameters.response_mode).toBe(mode)
      expect(await send(flow.account_id ?? '', { url: '/me' })).toMatchObject({ status: 200 })
    },
  )

  it.each(['fragment', 'form_post', 'query.jwt'] as const)('[D4] %s: who declines is heard', async (mode) => {
    const { start, signIn } = await strict({ response_mode: mode })
    const flow = await signIn(await start(), { consents: false })
    expect(flow.failure).toMatchObject({ code: 'access_denied' })
  })

  it('[D4] a fragment is read directly from what was pasted', async () => {
    const { start, connect } = await strict({ response_mode: 'fragment' })
    const flow = await start({ provider: 'strict', via: 'paste' })
    const answer = await signInAsPerson(flow.authorization_url ?? '', flow.redirect_uri ?? '')
    expect(answer.hash).toContain('code=')
    const without = answer.href.split('#')[0] ?? ''
    await expect(connect.paste(flow.id, without)).rejects.toMatchObject({ details: { field: 'url' } })
    expect(await connect.paste(flow.id, answer.href)).toMatchObject({ state: 'completed', failure: null })
  })

  it('[D4] a fragment is read directly in a window', async () => {
    const opened: string[] = []
    const windows: SignInWindows = {
      async open({ authorizationUrl, redirectUri, mode }) {
        opened.push(mode)
        return signInAsPerson(authorizationUrl, redirectUri)
      },
    }
    const { start, settled } = await strict({ response_mode: 'fragment' }, windows)
    const flow = await start({ provider: 'strict', via: 'window' })
    expect(await settled(flow.id)).toMatchObject({ state: 'completed', failure: null })
    expect(opened).toEqual(['fragment'])
  })

  it('[D4] a posted answer cannot be pasted, and that is said', async () => {
    const { start, connect } = await strict({ response_mode: 'form_post' })
    const flow = await start({ provider: 'strict', via: 'paste' })
    await expect(connect.paste(flow.id, flow.redirect_uri ?? '')).rejects.toThrow(/posts its answer/)
    expect(connect.get(flow.id).state).toBe('waiting_for_person')
  })

  it('[D4] parameters under names of the provider’s own are found', async () => {
    const { server, connectAs } = await old(
      {
        answer: (request) => ({
          parameters: { ticket: 'the-code-of-the-provider', context: request.get('state') ?? '', code: 'not-this-one' },
        }),
      },
      { authorization: { parameters: { code: 'ticket', state: 'context' } } },
    )
    expect((await connectAs('ada')).failure).toBeNull()
    expect(server.asked.at(-1)?.parameters.get('code')).toBe('the-code-of-the-provider')
  })

  it('[D4] an error under a name of the provider’s own is heard', async () => {
    const { connectAs } = await old(
      { answer: (request) => ({ parameters: { problem: 'access_denied', state: request.get('state') ?? '' } }) },
      { authorization: { parameters: { error: 'problem' } } },
    )
    expect((await connectAs('ada')).failure).toMatchObject({ code: 'access_denied' })
  })

  it.each([
    { where: 'fragment', fragment: true },
    { where: 'query', fragment: false },
  ])('[B4] an answer without a code: the token stands in the $where', async ({ fragment }) => {
    const { server, connectAs, vault, send } = await old(
      {
        answer: (request) => ({
          parameters: {
            access_token: 'a-token-without-a-code',
            token_type: 'bearer',
            expires_in: '1800',
            scope: 'read',
            state: request.get('state') ?? '',
            instance_url: 'https://example.com',
          },
          fragment,
        }),
      },
      { grants: ['without_code'] },
    )
    const flow = await connectAs('ada')
    expect(flow.failure).toBeNull()
    const id = flow.account_id ?? ''
    expect(vault.accounts.get(id)).toMatchObject({ grant: 'without_code', identity: { subject: 'ada' } })
    const tokens = vault.tokens.get(id)
    expect(tokens).toMatchObject({
      accessToken: 'a-token-without-a-code',
      tokenType: 'Bearer',
      refreshToken: null,
      expirySource: 'expires_in',
      scopes: ['read'],
      extra: { instance_url: 'https://example.com' },
    })
    expect((tokens?.expiresAt ?? 0) - (tokens?.obtainedAt ?? 0)).toBe(1_800_000)
    expect(server.asked.map(({ path }) => path)).toEqual(['/auth'])
    expect(server.asked[0]?.parameters.get('response_type')).toBe('token')
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200 })
  })

  it('[B4] an ID token that came without a code is not believed', async () => {
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"mallory"}').toString('base64url')}.`
    const { connectAs, vault } = await old(
      {
        answer: (request) => ({
          parameters: {
            access_token: 'token-token-token',
            token_type: 'Bearer',
            id_token: unsigned,
            state: request.get('state') ?? '',
          },
          fragment: true,
        }),
      },
      { known: true, grants: ['without_code'], identity: { sources: ['id_token', 'userinfo'], subject: ['sub'] } },
    )
    const id = (await connectAs('ada')).account_id ?? ''
    expect(vault.tokens.get(id)?.idToken).toBeNull()
    expect(vault.accounts.get(id)?.identity?.subject).toBe('ada')
  })

  it('[D9] the response type is as the definition says', async () => {
    const { server, connectAs } = await old(
      {
        answer: (request) => ({
          parameters: { code: 'code-of-a-kind', state: request.get('state') ?? '' },
          fragment: true,
        }),
      },
      { authorization: { response_type: 'code extra' } },
    )
    expect((await connectAs('ada')).failure).toBeNull()
    expect(server.asked[0]?.parameters.get('response_type')).toBe('code extra')
  })
})

describe('what an authorization request asks for', () => {
  it('[F5] resource and audience go into authorization, token and refresh requests', async () => {
    const { server, connectAs, tokens } = await old(
      {
        answer: (request) => ({ parameters: { code: 'code-code', state: request.get('state') ?? '' } }),
        token: () => ({
          access_token: `token-${Math.random()}`,
          token_type: 'Bearer',
          expires_in: 60,
          refresh_token: 'again',
        }),
      },
      { resource: 'https://api.example.com/a https://api.example.com/b', audience: 'urn:audience' },
    )
    const id = (await connectAs('ada')).account_id ?? ''
    await tokens.fresh(id, { force: true })
    expect(server.asked).toHaveLength(3)
    for (const { parameters } of server.asked) {
      expect(parameters.getAll('resource')).toEqual(['https://api.example.com/a', 'https://api.example.com/b'])
      expect(parameters.get('audience')).toBe('urn:audience')
    }
    expect(server.asked[2]?.parameters.get('grant_type')).toBe('refresh_token')
  })

  it('[F1] PKCE, state and nonce are there, and cannot be replaced by the definition', async () => {
    const server = await startStrictServer()
    onTestFinished(() => server.close())
    const hostile = {
      authorization_parameters: {
        prompt: 'consent',
        state: 'fixed',
        nonce: 'fixed',
        code_challenge: 'fixed',
        code_challenge_method: 'plain',
      },
    }
    const { connectAs } = await world([{ definition: server.definition(hostile), clientId: server.clientId }])
    expect((await connectAs('ada')).failure).toBeNull()
    const { parameters } = server.last('authorization')
    expect(parameters.code_challenge_method).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(String(parameters[name]).length).toBeGreaterThan(40)
    expect(server.last('token').parameters.code_verifier).toBeDefined()
  })

  it('[F2] endpoints are found by RFC 8414 as by OpenID Connect Discovery', async () => {
    const server = await startStrictServer()
    onTestFinished(() => server.close())
    const { connectAs } = await world([
      { definition: server.definition({ discovery: 'oauth2' }), clientId: server.clientId },
    ])
    const flow = await connectAs('ada')
    expect(flow.failure).toBeNull()
    expect(flow.steps.map(({ source }) => source)).toContain('RFC 8414 3')
  })
})
