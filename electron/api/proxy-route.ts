import type { IncomingMessage, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Logger } from '../platform/ports.ts'
import type { ProxyService } from '../services/ports-apps.ts'
import { logUnexpected } from './app.ts'
import { refuse } from './refusal.ts'
import type { Callers, Visit } from './visit.ts'

/**
 * `ANY /v1/accounts/{account}/proxy/{path or absolute URL}`, outside of the router: what stands behind `/proxy/` belongs to
 * the other side and is neither decoded nor parsed here.
 */
export function createProxyRoute(parts: { proxy: ProxyService; callers: Callers; logger: Logger }) {
  async function refused(error: unknown, visit: Visit, response: ServerResponse): Promise<void> {
    if (!(error instanceof LatchkeyError)) logUnexpected(parts.logger, error)
    if (response.headersSent || response.destroyed) return void response.destroy()
    await visit.origin.settled()
    if (response.destroyed) return
    // The proxy reads what is left of a body that was not wanted, so that its sender gets to read this.
    refuse(response, error instanceof LatchkeyError ? error : unexpected(), false)
  }

  return (visit: Visit, request: IncomingMessage, response: ServerResponse): void => {
    // Thrown here: what the address already tells. The guard's own place answers it.
    const address = split(request)
    const caller = parts.callers.of(visit, request, response)
    parts.proxy
      .handle({ ...address, request, response, caller })
      .catch((error: unknown) => refused(error, visit, response))
      .catch((error: unknown) => {
        logUnexpected(parts.logger, error)
        response.destroy()
      })
  }
}

const shape = /^(\/v1\/accounts\/([^/?#]+)\/proxy)(?:\/|(?=[?#])|$)/

function split(request: IncomingMessage): { account: string; target: string; base: string } {
  const url = request.url ?? ''
  const found = shape.exec(url)
  if (found === null) throw new Error('This is no address of the proxy.')
  return {
    account: decoded(found[2] ?? ''),
    target: url.slice(found[0].length),
    // The guard has compared `Host` with the addresses that this is.
    base: `http://${request.headers.host}${found[1]}/`,
  }
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new LatchkeyError('invalid_request', 'The account in the path is not encoded correctly.', {
      field: 'account',
    })
  }
}

const unexpected = () => new LatchkeyError('internal', 'Something went wrong inside Latchkey. The log names the place.')
