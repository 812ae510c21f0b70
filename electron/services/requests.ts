import type { RequestInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { SignedAnswer } from '../../shared/models.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import { timedOut } from '../platform/network-errors.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { readable, withoutToken } from '../signer/answer.ts'
import { callerHeaders } from '../signer/headers.ts'
import { checkDestination, requestUrl } from '../signer/policy.ts'
import { createConnections } from '../signer/resolve.ts'
import { type Incoming, type Outgoing, sendSigned } from '../signer/send.ts'
import { type Credential, checkQuery, tokenRejected } from '../signer/sign.ts'
import type { AccountRecord, Vault } from '../vault/ports.ts'
import type { AppGate, Bindings } from './apps/index.ts'
import { createCredentialChooser, headerOf, needsNewIdToken, queryParameterOf } from './credentials.ts'
import { createDestinations } from './destinations.ts'
import type { Caller, RequestService, TokenService } from './ports.ts'
import type { AuditService } from './ports-apps.ts'

/** Bytes of an answer that are held in memory for the caller. */
const maxAnswer = 25_000_000

export interface RequestParts {
  vault: Pick<Vault, 'registrations' | 'accounts'>
  /** The account's provider and the variables of its registration; starts the practice provider when it is that. */
  settings: (accountId: string) => Promise<ClientSettings>
  gate: Pick<AppGate, 'account' | 'request' | 'allows' | 'bound'>
  bindings: Pick<Bindings, 'find' | 'accountFor'>
  tokens: Pick<TokenService, 'fresh'>
  audit: Pick<AuditService, 'use'>
  clock: Clock
  logger: Logger
  /** Connections of its own, for tests that answer for the name resolution. */
  connections?: ReturnType<typeof createConnections>
}

/**
 * Signed requests: find the account, judge what the caller may and the destination, get a token that is fresh, send, and
 * answer. A 401 that says the token is bad refreshes once and sends again.
 *
 * `send` throws LatchkeyError: forbidden, not_found, ambiguous_account, invalid_request (fields `url`, `headers.NAME`),
 * destination_not_allowed, locked, reauth_required, provider_unreachable, provider_error, timeout, too_large.
 */
export function createRequestService(parts: RequestParts): RequestService & { forget(): void; close(): Promise<void> } {
  const connections = parts.connections ?? createConnections()
  const credentials = createCredentialChooser()
  const destinations = createDestinations(parts)

  async function send(reference: string, input: RequestInput, caller: Caller): Promise<SignedAnswer> {
    const { method, url } = input
    return sendWith(parts.gate.account(reference, caller, 'request', { method, url }), input, caller)
  }

  async function sendToHost(input: RequestInput, caller: Caller): Promise<SignedAnswer> {
    const url = requestUrl(input.url, null)
    const account = parts.gate.bound(parts.bindings.find(url), caller, { method: input.method, url })
    return sendWith(account ?? parts.bindings.accountFor(url), input, caller)
  }

  async function sendWith(account: AccountRecord, input: RequestInput, caller: Caller): Promise<SignedAnswer> {
    const started = parts.clock.now()
    const { settings, policy, baseUrl } = await destinations.of(account)
    const request: Outgoing = {
      method: input.method,
      url: requestUrl(input.url, baseUrl),
      headers: callerHeaders(input.headers, headerOf(settings).name),
      body: bodyOf(input),
    }
    // Before the destination policy, which would tell an app which hosts the account has.
    parts.gate.request(account, caller, request)
    checkQuery(request.url, queryParameterOf(settings))
    const log = (
      summary: string,
      outcome: { status?: number; error?: string; bytesReceived?: number },
      refreshed: boolean,
    ) =>
      parts.audit.use({
        account,
        caller,
        right: 'request',
        method: request.method,
        url: request.url,
        ...outcome,
        bytesSent: request.body?.length ?? 0,
        durationMs: parts.clock.now() - started,
        refreshed,
        summary: `${request.method} ${request.url.host}${request.url.pathname}: ${summary}`,
      })

    try {
      // Before a token is asked for: a request that may not leave must not even cause a refresh.
      checkDestination(policy, request.url)
      const signal = deadline(input.timeout_ms, caller.signal)
      const sent = await withFreshToken(account, settings, signal, request.url, input.timeout_ms, (credential) => {
        // A token may have taken its time, and the permission may have gone meanwhile.
        parts.gate.request(account, caller, request)
        return sendSigned(request, {
          connections,
          route: settings.route,
          policy,
          allows: (hop) => parts.gate.allows(account, caller, hop),
          credential,
          maxBytes: maxAnswer,
          timeoutMs: input.timeout_ms,
          signal,
        })
      })
      const { answer, refreshed } = sent
      parts.vault.accounts.touchUsed(account.id, parts.clock.now())
      const outcome = { status: answer.status, bytesReceived: answer.body.length }
      log(`${answer.status} ${answer.statusText}`.trim(), outcome, refreshed)
      // The page holds no tokens (DESIGN section 3), and an app has another way to those that it may have: an echo must
      // not give them one.
      const hidden = caller.kind === 'page' || caller.kind === 'app'
      const shown = hidden ? sent.tokens.reduce(withoutToken, answer) : answer
      return {
        status: answer.status,
        status_text: answer.statusText,
        headers: shown.headers,
        ...readable(shown.headers, shown.body),
        duration_ms: parts.clock.now() - started,
        refreshed,
        url: answer.url.href,
      }
    } catch (error) {
      // A locked vault takes no entries either.
      if (error instanceof LatchkeyError && error.code !== 'locked') log(error.message, { error: error.code }, false)
      throw error
    }
  }

  /** Calls `work` with a token that is fresh, and once more with a new one when the API says that it is bad. */
  async function withFreshToken(
    account: AccountRecord,
    settings: ClientSettings,
    signal: AbortSignal,
    url: URL,
    timeoutMs: number,
    work: (credential: Credential) => Promise<Incoming>,
  ): Promise<{ answer: Incoming; refreshed: boolean; tokens: string[] }> {
    const get = (rejected?: string) =>
      untilAborted(parts.tokens.fresh(account.id, rejected === undefined ? {} : { rejected }), signal, url, timeoutMs)
    let first = await get()
    if (needsNewIdToken(settings, first.tokens, parts.clock.now())) first = await get(first.tokens.accessToken)
    const old = await credentials.choose(account.id, settings, first.tokens)
    const answer = await work(old)
    const unchanged = { answer, refreshed: first.refreshed, tokens: [old.token] }
    if (!tokenRejected(answer.status, answer.headers['www-authenticate'])) return unchanged
    parts.logger.info('The API refused the token: refreshing once.', { account: account.id, host: url.host })
    const second = await get(first.tokens.accessToken)
    const renewed = await credentials.choose(account.id, settings, second.tokens)
    if (renewed.token === old.token) return unchanged
    return {
      answer: await work(renewed),
      refreshed: first.refreshed || second.refreshed,
      tokens: [old.token, renewed.token],
    }
  }

  /** On lock: keys and connections go, and what is under way still gets its answer. */
  function forget(): void {
    credentials.forget()
    connections.forget()
  }

  function close(): Promise<void> {
    credentials.forget()
    return connections.close()
  }

  return { send, sendToHost, forget, close }
}

function bodyOf(input: RequestInput): Buffer | null {
  if (input.body !== undefined) return Buffer.from(input.body, 'utf8')
  return input.body_base64 === undefined ? null : Buffer.from(input.body_base64, 'base64')
}

function deadline(timeoutMs: number, caller: AbortSignal | undefined): AbortSignal {
  const time = AbortSignal.timeout(timeoutMs)
  return caller === undefined ? time : AbortSignal.any([caller, time])
}

/** A refresh goes on for everybody else who waits for it; only this caller stops waiting. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal, url: URL, timeoutMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(timedOut(url, timeoutMs, signal.reason))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
