import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { fails, network, route } from '../../integration/network/support.ts'

it.each(['http', 'socks5'])('a %s proxy that takes the connection and says nothing holds nobody up', async (scheme) => {
  const sockets: net.Socket[] = []
  const silent = net.createServer((socket) => void sockets.push(socket.on('error', () => {})))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const url = `${scheme}://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const error = await fails(
    network({ timeoutMs: 150 }).fetch('https://login.corp.test/', {}, route({ proxy: { url } })),
  )
  expect(error).toMatchObject({ code: 'timeout', message: 'login.corp.test did not answer within 150 ms.' })
})
