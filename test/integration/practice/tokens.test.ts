import { tokenIntrospection, tokenRevocation } from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryVault } from './stores.ts'
import { errorCode, type PracticeWorld, startPractice, until } from './world.ts'

let world: PracticeWorld
beforeAll(async () => {
  world = await startPractice(memoryVault())
})
afterAll(() => world.practice.stop())

const status = async (accessToken: string) => (await world.call('/api/me', accessToken)).status

it('replaces the refresh token with every use', async () => {
  const first = await world.connect()
  const second = await world.refresh(first.refresh_token)
  const third = await world.refresh(second.refresh_token)
  expect(new Set([first, second, third].map((it) => it.refresh_token)).size).toBe(3)
  expect(new Set([first, second, third].map((it) => it.access_token)).size).toBe(3)
  expect(third.claims()?.sub).toBe('ada')
  expect(await status(third.access_token)).toBe(200)
})

it('ends the whole grant when an old refresh token is used again', async () => {
  const first = await world.connect()
  const second = await world.refresh(first.refresh_token)
  expect(await status(second.access_token)).toBe(200)
  expect(await errorCode(world.refresh(first.refresh_token))).toBe('invalid_grant')
  expect(await status(second.access_token)).toBe(401)
  expect(await errorCode(world.refresh(second.refresh_token))).toBe('invalid_grant')
})

it('leaves other grants of the same person alone when it ends one', async () => {
  const [one, other] = [await world.connect(), await world.connect()]
  await world.refresh(one.refresh_token)
  expect(await errorCode(world.refresh(one.refresh_token))).toBe('invalid_grant')
  expect(await status(other.access_token)).toBe(200)
  expect((await world.refresh(other.refresh_token)).access_token).toBeTruthy()
})

it('takes two uses of a refresh token at the same moment for reuse', async () => {
  const first = await world.connect()
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => world.refresh(first.refresh_token)))
  const good = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  expect(good.length).toBeLessThanOrEqual(1)
  for (const tokens of good) {
    expect(await status(tokens.access_token)).toBe(401)
    expect(await errorCode(world.refresh(tokens.refresh_token))).toBe('invalid_grant')
  }
})

it('lets access tokens live as long as it is told, from the next one on', async () => {
  const before = await world.connect()
  expect(await world.practice.configure({ access_token_lifetime: 2 })).toMatchObject({ access_token_lifetime: 2 })
  const short = await world.refresh(before.refresh_token)
  const obtained = Date.now()
  await world.practice.configure({ access_token_lifetime: 300 })
  expect(short.expires_in).toBe(2)
  await until(async () => (await status(short.access_token)) === 401)
  expect(Date.now() - obtained).toBeLessThan(10_000)
  const refused = await world.call('/api/me', short.access_token)
  expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
  // The one from before has its own time, and the grant goes on.
  expect(await status(before.access_token)).toBe(200)
  expect((await world.refresh(short.refresh_token)).expires_in).toBe(300)
})

it.each([1, 86_401, 2.5, Number.NaN])('does not take %s seconds for a lifetime', async (access_token_lifetime) => {
  await expect(world.practice.configure({ access_token_lifetime })).rejects.toMatchObject({ code: 'invalid_request' })
})

it('revokes a grant by its refresh token', async () => {
  const tokens = await world.connect()
  await tokenRevocation(world.config, tokens.refresh_token ?? '')
  expect(await status(tokens.access_token)).toBe(401)
  expect(await errorCode(world.refresh(tokens.refresh_token))).toBe('invalid_grant')
})

it('revokes an access token, and with it the grant’s others (RFC 7009 2.1 allows it)', async () => {
  const tokens = await world.connect()
  await tokenRevocation(world.config, tokens.access_token)
  expect(await status(tokens.access_token)).toBe(401)
  expect(await errorCode(world.refresh(tokens.refresh_token))).toBe('invalid_grant')
})

it('says of a token whether it is good', async () => {
  const tokens = await world.connect('grace')
  expect(await tokenIntrospection(world.config, tokens.access_token)).toMatchObject({ active: true, sub: 'grace' })
  await tokenRevocation(world.config, tokens.access_token)
  expect(await tokenIntrospection(world.config, tokens.access_token)).toEqual({ active: false })
})
