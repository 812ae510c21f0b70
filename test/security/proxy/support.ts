import { hostAndPort, raw } from '../../integration/api/world.ts'
import type { ProxyWorld } from '../../integration/proxy/world.ts'

/** Sends these lines, with `Host` and the key before them, and resolves with everything that comes back. */
export function lines(world: ProxyWorld, request: string, headers: string[], body = ''): Promise<string> {
  const head = [request, `Host: ${world.host}`, `Authorization: Bearer ${world.key}`, ...headers, 'Connection: close']
  return raw(hostAndPort(world.host), `${head.join('\r\n')}\r\n\r\n${body}`)
}
