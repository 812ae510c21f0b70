import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it.each([
  '/',
  '/v1/accounts',
  '/v1/health',
  '/openapi.json',
  '/page/call',
  '/hooks',
  '/hooks/',
  '/hooks/../v1/health',
  '/hooks/..%2fv1%2fhealth',
  '/hooks/hook_0000000000000000/../../v1/health',
  '//v1/health',
  '/HOOKS/hook_0000000000000000',
  '/hooks/hook_0000000000000000/',
])('[D6] a tunnel to the listener leads to webhooks alone: %s', async (path) => {
  const { save, send } = await world()
  await save({ preset: 'github' })
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await send(path, fromGithub('{}'), method === 'POST' ? '{}' : '', method)
    expect(answer.status).toBe(404)
    expect(answer.text).not.toContain('Latchkey')
  }
})
