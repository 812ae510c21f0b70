import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'

/** Another program waits on [::1] at the port of a `localhost` redirect URI: a browser may take the code there first. */

function listenOn(host: string, port: number): Promise<import('node:net').Server | null> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen({ host, port }, () => resolve(server))
  })
}

it('refuses a fixed localhost port whose IPv6 half belongs to somebody else', async ({ skip }) => {
  const other = await listenOn('::1', 0)
  if (other === null) return skip('this machine has no IPv6 loopback')
  const { port } = other.address() as { port: number }
  try {
    await expect(
      loopbackRedirects().listen({ providerId: 'practice', host: 'localhost', port, accept: () => true }),
    ).rejects.toThrow(`Port ${port}`)
    const freed = await listenOn('127.0.0.1', port)
    expect(freed).not.toBeNull()
    freed?.close()
  } finally {
    other.close()
  }
})

it('holds both halves while it waits', async ({ skip }) => {
  const listener = await loopbackRedirects().listen({
    providerId: 'practice',
    host: 'localhost',
    port: null,
    accept: () => true,
  })
  try {
    const probe = await listenOn('::1', 0)
    if (probe === null) return skip('this machine has no IPv6 loopback')
    probe.close()
    expect(await listenOn('::1', Number(new URL(listener.redirectUri).port))).toBeNull()
  } finally {
    await listener.close()
  }
})
