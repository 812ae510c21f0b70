import { LatchkeyError } from '../../shared/errors.ts'
import type { LatchkeyEvent } from '../../shared/models.ts'
import type { Clock, EventBus, Logger } from '../platform/ports.ts'
import { answerRules } from '../signer/proxy-headers.ts'
import { createConnections } from '../signer/resolve.ts'
import { createIdleWatch } from '../signer/stream-idle.ts'
import type { Vault } from '../vault/ports.ts'
import { createCredentialChooser } from './credentials.ts'
import type { Destinations } from './destinations.ts'
import type { Gate, TokenService } from './ports.ts'
import type { AuditService, ProxyService } from './ports-apps.ts'
import { createDestinationMemo } from './proxy-memo.ts'
import { ProxiedRequest } from './proxy-request.ts'
import { absoluteTarget, targetUrl } from './proxy-target.ts'

export interface ProxyParts {
  gate: Pick<Gate, 'account' | 'request'>
  destinations: Destinations
  tokens: Pick<TokenService, 'fresh'>
  vault: Pick<Vault, 'accounts'>
  audit: Pick<AuditService, 'use'>
  events: EventBus<LatchkeyEvent>
  clock: Clock
  logger: Logger
  /** Headers of every answer, names in lower case and values in turn; they stand in place of the answer's own. */
  answerHeaders: readonly string[]
  /** Milliseconds without a byte in either direction until a request is ended. */
  idleLimit?: number
  /** Connections of its own, for tests that answer for the name resolution. */
  connections?: ReturnType<typeof createConnections>
}

/** Streams that last hold a connection each, so there are more of them than for short requests. */
const mostConnections = 1024
const fiveMinutes = 300_000

/**
 * The streaming proxy: a program speaks to an account's API through it as if it were the API, and never has a token.
 *
 * `handle` throws LatchkeyError: forbidden, not_found, ambiguous_account, invalid_request, destination_not_allowed, locked,
 * account_disabled, reauth_required, provider_unreachable, provider_error, timeout.
 */
export function createProxyService(parts: ProxyParts): ProxyService & { forget(): void; close(): Promise<void> } {
  const { gate, clock, audit, vault, events, destinations } = parts
  const connections = parts.connections ?? createConnections(undefined, mostConnections)
  const credentials = createCredentialChooser()
  const memo = createDestinationMemo({ destinations, connections, events, clock })
  const idleLimit = parts.idleLimit ?? fiveMinutes
  const shared = {
    tokens: parts.tokens,
    credentials,
    clock,
    logger: parts.logger,
    own: parts.answerHeaders,
    rules: answerRules(parts.answerHeaders),
    idle: createIdleWatch<ProxiedRequest>(idleLimit),
    idleLimit,
  }

  // An app whose access is taken back has its requests ended with it.
  const stopListening = events.on((event) => {
    if (event.type !== 'app' || event.state === 'active') return
    for (const proxied of [...shared.idle.all]) if (proxied.app === event.app_id) proxied.end(accessEnded())
  })

  const handle: ProxyService['handle'] = async (call) => {
    const started = clock.now()
    const { caller, target } = call
    const method = call.request.method ?? 'GET'
    const whole = wholeUrl(target)
    const url = whole instanceof LatchkeyError ? target : (whole ?? `/${target}`)
    const account = gate.account(call.account, caller, 'request', { method, url })
    const proxied = new ProxiedRequest(shared, call, account.id)
    try {
      if (whole instanceof LatchkeyError) throw whole
      const known = memo.current(account) ?? (await memo.find(account))
      const url = targetUrl(target, whole, known.base)
      proxied.url = url
      gate.request(account, caller, { method, url })
      // Before a token is asked for: a request that may not leave must not even cause a refresh.
      await proxied.run(known, memo.way(known, url))
    } catch (error) {
      proxied.note(error)
      throw error
    } finally {
      proxied.over()
      const { url, status, error } = proxied
      if (status !== undefined) touch(account.id)
      audit.use({
        account,
        caller,
        right: 'request',
        method,
        url,
        status,
        error,
        bytesSent: proxied.bytesSent,
        bytesReceived: proxied.bytesReceived,
        durationMs: clock.now() - started,
        refreshed: proxied.refreshed,
        summary: `${method} ${url === undefined ? 'through the proxy' : url.host + url.pathname}: ${proxied.outcome}`,
      })
    }
  }

  function touch(accountId: string): void {
    try {
      vault.accounts.touchUsed(accountId, clock.now())
    } catch {
      // Locked, or the account removed, while the answer was on its way.
    }
  }

  return {
    handle,
    /** On lock: keys and connections go, and what is under way still gets its answer. */
    forget() {
      memo.forget()
      credentials.forget()
      connections.forget()
    },
    close() {
      stopListening()
      memo.close()
      credentials.forget()
      return connections.close()
    },
  }
}

const accessEnded = () => new LatchkeyError('unauthenticated', 'The access of this app has ended.')

/** An address that cannot be read is refused later, to who may know that the account is there. */
function wholeUrl(target: string): string | null | LatchkeyError {
  try {
    return absoluteTarget(target)
  } catch (error) {
    if (error instanceof LatchkeyError) return error
    throw error
  }
}
