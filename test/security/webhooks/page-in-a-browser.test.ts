import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it.each<Record<string, string>>([
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
])('[D6] a page that tries this machine’s ports is not answered: %o', async (headers) => {
  const { save, send, counts } = await world()
  const { id } = await save({ preset: 'github' })
  const answer = await send(`/hooks/${id}`, fromGithub('{}', headers), '{}')
  expect(answer.status).toBe(403)
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  expect(counts()).toEqual([{ accepted: 0, refused: 0 }])
})
