import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, it } from 'vitest'
import { eagerListener } from './listener.ts'

/** Somebody in the same network asks the listener of a sign-in. */

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

it('listens on loopback alone', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
  const listener = await eagerListener('localhost')
  try {
    const port = Number(new URL(listener.redirectUri).port)
    // 127.0.0.2 is this machine too on Linux: it answers only where a program listens on every address.
    for (const address of [...outside, '127.0.0.2'])
      expect([address, await connects(address, port)]).toEqual([address, false])
    expect(await connects('127.0.0.1', port)).toBe(true)
  } finally {
    await listener.close()
  }
})
