import { expect, it } from 'vitest'
import { world } from './support.ts'

it('[F11] the key is given to one look alone, however many there are', async () => {
  const { pair, approve, pairing, vault } = await world()
  const { id, code, secret = '' } = await pair()
  await approve(code, [{ rights: ['token'] }])
  const looks = await Promise.all(Array.from({ length: 50 }, async () => pairing.look(id, secret)))
  expect(looks.filter(({ key }) => key !== undefined)).toHaveLength(1)
  expect(new Set(looks.map(({ app_id: appId }) => appId)).size).toBe(1)
  expect(vault.apps.list()).toHaveLength(1)
})
