import { describe, expect, it } from 'vitest'
import { world } from './world.ts'

describe('what a sign-in is for', () => {
  it("is a provider's only registration", async () => {
    const { start } = await world()
    expect((await start({ provider: 'test' })).registration_id).toBe('reg_test')
  })

  it('[C3] says that a registration is needed first', async () => {
    const { start, vault } = await world()
    vault.registrations.remove('reg_test')
    await expect(start()).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'registration', action: { text: expect.stringContaining('Create a registration') } },
    })
  })

  it('lists the registrations when there are several', async () => {
    const { start, vault } = await world()
    const record = vault.registrations.get('reg_test')
    if (record === null) throw new Error('The registration is gone.')
    vault.registrations.save(
      { ...record, id: 'reg_second', name: 'Second', createdAt: record.createdAt + 1 },
      undefined,
    )
    await expect(start()).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'registration', candidates: ['reg_test (Test)', 'reg_second (Second)'] },
    })
    expect((await start({ registration: 'reg_second' })).registration_id).toBe('reg_second')
  })

  it.each([
    [{ provider: 'nowhere' }, 'provider'],
    [{ registration: 'reg_none' }, 'registration'],
    [{ account: 'nobody' }, 'account'],
  ])('says what there is not: %j', async (input, field) => {
    const { start } = await world()
    await expect(start(input)).rejects.toMatchObject({ code: 'not_found', details: { field } })
  })

  it('[C8] asks for the scopes that were chosen, however they are written, else for those of the registration', async () => {
    const { start, connect } = await world()
    const scopeOf = async (input: Record<string, unknown>) => {
      const flow = await start({ provider: 'test', ...input })
      await connect.cancel(flow.id)
      return new URL(flow.authorization_url ?? '').searchParams.get('scope')
    }
    expect(await scopeOf({})).toBe('openid profile email offline_access')
    expect(await scopeOf({ scopes: ['openid, profile'] })).toBe('openid profile')
    expect(await scopeOf({ scopes: [] })).toBeNull()
  })

  it('gives every attempt a port and a state of its own', async () => {
    const { start } = await world()
    const flows = [await start(), await start()]
    expect(new Set(flows.map(({ redirect_uri }) => redirect_uri)).size).toBe(2)
    const states = flows.map(({ authorization_url }) => new URL(authorization_url ?? '').searchParams.get('state'))
    expect(new Set(states).size).toBe(2)
  })

  it("does not take another attempt's answer", async () => {
    const { start, answerOf, connect } = await world()
    const [one, other] = [await start(), await start()]
    const answer = await answerOf(one)
    const crossed = answer.href.replace(one.redirect_uri ?? '', other.redirect_uri ?? '')
    expect((await fetch(crossed)).status).toBe(400)
    expect(connect.get(other.id).state).toBe('waiting_for_person')
  })
})
