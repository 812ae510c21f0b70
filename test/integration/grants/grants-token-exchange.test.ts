import { describe, expect, it } from 'vitest'
import { grantTypes } from '../../doubles/grants.ts'
import { grantWorld } from './world.ts'

/** Ada is signed in, and another registration of the same client exchanges her token. */
async function exchangeWorld(options: Parameters<typeof grantWorld>[0] = {}) {
  const it = await grantWorld(options)
  const subject = it.accountOf(
    await it.connectAs('ada', { provider: 'test', grant: 'authorization_code', alias: 'ada' }),
  )
  const registration = it.vault.registrations.get('reg_test')
  if (!registration) throw new Error('The registration is gone.')
  it.vault.registrations.save(
    {
      ...registration,
      id: 'reg_exchange',
      scopes: ['openid', 'profile'],
      options: {
        grant: 'token_exchange',
        audience: 'https://reports.example',
        resource: 'https://api.example/reports',
      },
    },
    it.server.clientSecret,
  )
  const exchange = (input: Record<string, unknown> = {}) =>
    it.start({ registration: 'reg_exchange', subject_account: 'ada', ...input }).then(({ id }) => it.settled(id))
  return { ...it, subject, exchange }
}

describe('token exchange', () => {
  it('[F5] exchanges the token of another account for the audience, resource and scopes asked for', async () => {
    const { exchange, viewOf, server, vault, subject } = await exchangeWorld()
    const flow = await exchange({ alias: 'reports' })
    expect(flow).toMatchObject({ state: 'completed', failure: null })
    expect(server.exchanges).toEqual([
      {
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        audience: 'https://reports.example',
        resource: 'https://api.example/reports',
        scope: 'openid profile',
      },
    ])
    expect(viewOf(flow)).toMatchObject({ alias: 'reports', grant: 'token_exchange', identity: { subject: 'ada' } })
    expect(vault.accounts.credentials(flow.account_id ?? '')).toEqual({ subjectAccountId: subject.id })
  })

  it('[F5] on expiry refreshes the other account first, then exchanges its new token', async () => {
    const { exchange, tokens, server, expireTokens } = await exchangeWorld()
    const flow = await exchange()
    expireTokens()
    const before = server.tokenRequests.length
    expect((await tokens.fresh(flow.account_id ?? '')).refreshed).toBe(true)
    expect(server.tokenRequests.slice(before)).toEqual(['refresh_token', grantTypes.tokenExchange])
  })

  it('[F5] [E18] says which account needs the person, and works again once it is mended', async () => {
    const { exchange, tokens, subject, vault, expireTokens, connectAs } = await exchangeWorld()
    const flow = await exchange({ alias: 'reports' })
    await tokens.reset(subject.id)
    expireTokens()
    await expect(tokens.fresh(flow.account_id ?? '')).rejects.toMatchObject({
      code: 'reauth_required',
      message: expect.stringMatching(/reports is made from the token of another account\. ada needs you to sign in/),
      details: { account: subject.id },
    })
    await connectAs('ada', { account: subject.id })
    expect((await tokens.fresh(flow.account_id ?? '')).refreshed).toBe(true)
    vault.accounts.remove(subject.id)
    await expect(tokens.fresh(flow.account_id ?? '', { force: true })).rejects.toMatchObject({
      code: 'reauth_required',
      details: { account: flow.account_id },
    })
  })

  it('[F5] refuses what was issued in place of an access token', async () => {
    const { exchange, server } = await exchangeWorld()
    server.next({ edit: (answer) => ({ ...answer, token_type: 'N_A' }) })
    expect(await exchange()).toMatchObject({ state: 'failed', failure: { code: 'invalid_answer' } })
  })

  it('[F5] is never made from its own token, and needs an account that is there', async () => {
    const { exchange, start } = await exchangeWorld()
    const flow = await exchange({ alias: 'reports' })
    const refused = (input: Record<string, unknown>) => start({ ...input, grant: 'token_exchange' })
    await expect(refused({ account: flow.account_id, subject_account: 'reports' })).rejects.toMatchObject({
      details: { field: 'subject_account' },
    })
    await expect(refused({ account: 'ada', subject_account: 'reports' })).rejects.toMatchObject({
      details: { field: 'subject_account' },
    })
    await expect(refused({ registration: 'reg_exchange' })).rejects.toMatchObject({
      details: { field: 'subject_account' },
    })
    await expect(exchange({ subject_account: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
