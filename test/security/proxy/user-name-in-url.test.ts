import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('a user name or password in the URL is refused, in every spelling', async () => {
  const upstream = await startUpstream((_, response) => response.end())
  const world = await startProxy({ baseUrl: upstream.base })
  for (const target of [
    `http://user@${upstream.host}/x`,
    `http://user:secret@${upstream.host}/x`,
    `http://${upstream.host}@evil.test/x`,
    `http://evil.test%2F@${upstream.host}/x`,
    encodeURIComponent(`http://user:secret@${upstream.host}/x`),
  ]) {
    const answer = await world.call('GET', world.path(target))
    expect([400, 403], target).toContain(answer.status)
    expect(answer.text).not.toContain('secret')
  }
  expect(upstream.requests).toHaveLength(0)
  expect(world.asked).toEqual([])
  // Not because one of them was remembered.
  expect((await world.call('GET', world.path(`${upstream.base}/x`))).status).toBe(200)
  expect((await world.call('GET', world.path(`http://user@${upstream.host}/x`))).status).toBe(403)
})
