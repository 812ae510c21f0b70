import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { line } from '../text.ts'
import { type HostAddress, hostAddress } from './host-address.ts'
import { createProxyServer } from './proxy-server.ts'
import { canTellUsers } from './same-user.ts'

/**
 * A port on this computer that belongs to one account: whatever comes in is signed and sent on by Latchkey's own proxy
 * route. For tools that take a base URL and no key.
 */
export async function proxy(
  account: string,
  options: { port?: number; anyUser?: true; keyFile?: string },
  session: Session,
): Promise<void> {
  const anyUser = options.anyUser === true
  if (!anyUser && !(await canTellUsers())) throw cannotTell(account)
  const { id, alias } = await session.client.account(account)
  const host: HostAddress = hostAddress(session, options.keyFile)
  const server = createProxyServer({ accountId: id, host, anyUser })
  const { signal } = session.io
  server.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    const why = error.code === 'EACCES' ? 'may not be used' : 'is taken'
    throw new UsageError(`Port ${options.port} ${why}. Name another one, or none: then a free one is chosen.`)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  if (anyUser) session.note(`latchkey: every user of this computer can now use ${line(alias)} through this port.`)
  session.answer({ base_url: url, account: id, alias, any_user: anyUser }, () => url)
  if (!signal.aborted) await once(signal, 'abort')
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

function cannotTell(account: string): UsageError {
  return new UsageError(
    'It cannot be told here which user a program belongs to that connects to a port. Every user of this computer could use the account.',
    {
      text: 'If you are the only one, or trust them all:',
      command: `latchkey proxy ${account} --any-user`,
    },
  )
}
