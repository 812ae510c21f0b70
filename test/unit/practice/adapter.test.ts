import { beforeEach, describe, expect, it } from 'vitest'
import { recordAdapter } from '../../../electron/services/practice/adapter.ts'
import { memoryVault } from '../../integration/practice/stores.ts'

class AlreadyUsed extends Error {}

let now: number
let make: ReturnType<typeof recordAdapter>
let records: ReturnType<typeof memoryVault>['records']
beforeEach(() => {
  now = 1_800_000_000_000
  records = memoryVault().records
  make = recordAdapter(records, { now: () => now }, () => new AlreadyUsed())
})

const seconds = () => Math.floor(now / 1000)
const lasting = (ttl: number, rest: object = {}) => ({ ...rest, exp: seconds() + ttl })

describe('what oidc-provider keeps in the vault', () => {
  it('is found again by its kind and id, and gone when destroyed', async () => {
    const tokens = make('AccessToken')
    await tokens.upsert('a', lasting(60, { accountId: 'ada' }), 60)
    expect(await tokens.find('a')).toMatchObject({ accountId: 'ada' })
    expect(await make('RefreshToken').find('a')).toBeUndefined()
    await tokens.destroy('a')
    expect(await tokens.find('a')).toBeUndefined()
    await tokens.destroy('a')
  })

  it('finds a session by its uid, as long as it is there', async () => {
    const sessions = make('Session')
    await sessions.upsert('s', lasting(60, { uid: 'u' }), 60)
    expect(await sessions.findByUid('u')).toMatchObject({ uid: 'u' })
    expect(await sessions.findByUid('other')).toBeUndefined()
    await sessions.destroy('s')
    expect(await sessions.findByUid('u')).toBeUndefined()
  })

  it('ends every token of a grant, whatever its kind, and those of no other', async () => {
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) {
      await make(model).upsert('one', lasting(60, { grantId: 'g1' }), 60)
      await make(model).upsert('two', lasting(60, { grantId: 'g2' }), 60)
    }
    await make('AccessToken').revokeByGrantId('g1')
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) {
      expect(await make(model).find('one')).toBeUndefined()
      expect(await make(model).find('two')).toBeDefined()
    }
  })

  it('keeps a used token, marked, and takes the second use of it for an attack', async () => {
    const tokens = make('RefreshToken')
    await make('Grant').upsert('g', lasting(600), 600)
    await make('AccessToken').upsert('a', lasting(60, { grantId: 'g' }), 60)
    await tokens.upsert('r', lasting(60, { grantId: 'g' }), 60)
    await tokens.consume('r')
    expect(await tokens.find('r')).toMatchObject({ consumed: seconds() })
    expect(await make('AccessToken').find('a')).toBeDefined()
    await expect(tokens.consume('r')).rejects.toThrow(AlreadyUsed)
    expect(await make('AccessToken').find('a')).toBeUndefined()
    expect(await make('Grant').find('g')).toBeUndefined()
  })

  it('does not let the list of a grant’s tokens grow with every refresh', async () => {
    for (let turn = 0; turn < 50; turn++) {
      await make('AccessToken').upsert(`a${turn}`, lasting(60, { grantId: 'g' }), 60)
      await make('RefreshToken').upsert(`r${turn}`, lasting(86_400, { grantId: 'g' }), 86_400)
      if (turn > 0) await make('RefreshToken').consume(`r${turn - 1}`)
      now += 60_000
    }
    const listed: unknown[] = JSON.parse(records.get('practice.members', 'g') ?? '[]')
    expect(listed.length).toBeLessThanOrEqual(3)
  })

  it('sweeps away what has expired, now and then', async () => {
    const tokens = make('AccessToken')
    await tokens.upsert('old', lasting(60), 60)
    now += 11 * 60_000
    await tokens.upsert('new', lasting(60), 60)
    expect(await tokens.find('old')).toBeUndefined()
    expect(await tokens.find('new')).toBeDefined()
  })
})
