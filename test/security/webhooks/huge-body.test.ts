import { expect, it } from 'vitest'
import { hostAndPort, raw } from '../../integration/api/world.ts'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] a body of more than 1 MB is refused unread, whether it says how long it is or not', async () => {
  const { save, send, listener, deliveries } = await world()
  const { id } = await save({ preset: 'github' })
  const { host } = new URL(listener.url() ?? '')
  const head = `POST /hooks/${id} HTTP/1.1\r\nhost: ${host}\r\n`
  expect(await raw(hostAndPort(host), `${head}content-length: 1000001\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /)
  const chunk = `f4241\r\n${'a'.repeat(0xf4241)}\r\n`
  expect(await raw(hostAndPort(host), `${head}transfer-encoding: chunked\r\n\r\n${chunk}`)).toMatch(/^HTTP\/1\.1 413 /)
  const fits = JSON.stringify({ text: 'a'.repeat(999_000) })
  expect((await send(`/hooks/${id}`, fromGithub(fits), fits)).status).toBe(200)
  expect(deliveries()).toHaveLength(1)
})
