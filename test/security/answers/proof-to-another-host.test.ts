import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from '../../integration/protocol/world.ts'

it('[F5] a redirect to another host gets neither token nor proof', async () => {
  const heard: IncomingHttpHeaders[] = []
  const other = createServer((request, response) => {
    heard.push(request.headers)
    response.end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const server = await startStrictServer({ dpop: true })
  try {
    const client = { definition: server.definition(), clientId: server.clientId, options: { dpop: true } }
    const { connectAs, send } = await world([client])
    const id = (await connectAs('ada')).account_id ?? ''
    const to = encodeURIComponent(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    expect(await send(id, { url: `/redirect?to=${to}` })).toMatchObject({ status: 307 })
    expect(heard).toEqual([])
  } finally {
    await server.close()
    await new Promise((resolve) => other.close(resolve))
  }
})
