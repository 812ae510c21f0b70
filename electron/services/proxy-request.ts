import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { LatchkeyError } from '../../shared/errors.ts'
import { timedOut } from '../platform/network-errors.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { checkDestination } from '../signer/policy.ts'
import { type AnswerRules, requestHeaders } from '../signer/proxy-headers.ts'
import { type Credential, targetWith, tokenRejected, withoutCredential } from '../signer/sign.ts'
import { AnswerStream, type StreamJob } from '../signer/stream.ts'
import { hasBody, RequestBody, takeBody } from '../signer/stream-body.ts'
import { answerError, cutAnswer, isCutOff, readRest } from '../signer/stream-end.ts'
import type { IdleWatch, Moving } from '../signer/stream-idle.ts'
import type { TokenSet } from '../vault/ports.ts'
import { type CredentialChooser, needsNewIdToken, queryParameterOf } from './credentials.ts'
import type { TokenService } from './ports.ts'
import type { ProxyService } from './ports-apps.ts'
import type { Known, Way } from './proxy-memo.ts'
import { leadBack } from './proxy-target.ts'

/** What all proxied requests have in common. */
export interface Shared {
  tokens: Pick<TokenService, 'fresh'>
  credentials: CredentialChooser
  clock: Clock
  logger: Logger
  own: readonly string[]
  rules: AnswerRules
  idle: IdleWatch<ProxiedRequest>
  /** Milliseconds. */
  idleLimit: number
}

type Fresh = Awaited<ReturnType<TokenService['fresh']>>
type Call = Parameters<ProxyService['handle']>[0]
type Headed = { status: number; headers: Record<string, string>; stream: AnswerStream }

/** One request through the proxy, from permission to the last byte of its answer. */
export class ProxiedRequest implements StreamJob, Moving {
  url: URL | undefined
  /** Of the answer that was handed on, once it has begun. */
  status: number | undefined
  error: string | undefined
  bytesSent = 0
  bytesReceived = 0
  refreshed = false
  movedAt = 0
  place = -1
  /** Whose it is, when it is an app's. */
  readonly app: string | null
  readonly response: ServerResponse
  readonly own: readonly string[]
  readonly rules: AnswerRules

  readonly #shared: Shared
  readonly #request: IncomingMessage
  readonly #accountId: string
  readonly #proxy: string
  #known: Known | null = null
  #way: Way | null = null
  #body: Buffer | RequestBody | null = null
  #tokens: TokenSet | null = null
  #credential: Credential | null = null
  #stream: AnswerStream | null = null
  /** Waits for the head of an answer (DPoP). */
  #headed: { resolve(it: Headed): void; reject(error: unknown): void } | null = null
  #repeated = false
  #message: string | null = null
  #closed = false
  #end: { resolve(): void; reject(error: unknown): void } | null = null

  constructor(shared: Shared, call: Call, accountId: string) {
    this.#shared = shared
    this.#request = call.request
    this.response = call.response
    this.own = shared.own
    this.rules = shared.rules
    this.app = call.caller.app?.id ?? null
    this.#accountId = accountId
    this.#proxy = call.base
    this.response.once('close', this.#onClose)
  }

  /** Resolves when the answer is out or cannot be any more, rejects when there is none and an error can be answered. */
  run(known: Known, way: Way): Promise<void> {
    this.#known = known
    this.#way = way
    return new Promise<void>((resolve, reject) => {
      this.#end = { resolve, reject }
      if (this.#closed) return resolve()
      this.#shared.idle.add(this)
      this.#shared.tokens.fresh(this.#accountId).then(this.#begin, this.#fail)
    })
  }

  /** The plain case, which is nearly every one, is under way when this returns. */
  #begin = ({ tokens, refreshed }: Fresh): void => {
    if (this.#closed) return
    try {
      this.refreshed = refreshed
      this.#tokens = tokens
      this.#credential = this.#plainCredential(tokens)
      if (this.#credential === null || hasBody(this.#request)) this.#beginWith(tokens).catch(this.#fail)
      else this.#send()
    } catch (error) {
      this.#fail(error)
    }
  }

  async #beginWith(tokens: TokenSet): Promise<void> {
    this.#credential ??= await this.#chooseCredential(tokens)
    if (this.#closed) return
    this.#body = await takeBody(this.#request, this.response, this.#sentOne)
    if (this.#closed) return
    if (this.#credential.kind === 'dpop') await this.#sendProven(this.#credential)
    else this.#send()
  }

  /** What the audit says of how it ended. */
  get outcome(): string {
    if (this.#message !== null) return this.#message
    return this.status === undefined ? 'no answer' : `${this.status} ${this.response.statusMessage ?? ''}`.trim()
  }

  /** An error that the caller is told. */
  note(error: unknown): void {
    this.error ??= error instanceof LatchkeyError ? error.code : 'internal'
    this.#message ??= error instanceof LatchkeyError ? error.message : 'something went wrong inside Latchkey'
  }

  over(): void {
    this.#shared.idle.remove(this)
    this.response.off('close', this.#onClose)
    if (this.#body instanceof RequestBody) this.#body.destroy()
    readRest(this.#request)
  }

  #plainCredential(tokens: TokenSet): Credential | null {
    const { plain, header } = this.#known as Known
    if (!plain || tokens.tokenType.toLowerCase() === 'dpop') return null
    return { kind: 'header', header, token: tokens.accessToken }
  }

  async #chooseCredential(tokens: TokenSet): Promise<Credential> {
    const { settings } = this.#known as Known
    const { credentials, clock, tokens: service } = this.#shared
    if (!needsNewIdToken(settings, tokens, clock.now())) {
      return credentials.choose(this.#accountId, settings, tokens)
    }
    const renewed = await service.fresh(this.#accountId, { rejected: tokens.accessToken })
    this.refreshed ||= renewed.refreshed
    this.#tokens = renewed.tokens
    return credentials.choose(this.#accountId, settings, renewed.tokens)
  }

  #send(signed?: Record<string, string>): void {
    const url = this.url as URL
    const way = this.#way as Way
    const credential = this.#credential as Credential
    const { header } = this.#known as Known
    const headers = requestHeaders(this.#request.rawHeaders, header.name.toLowerCase())
    if (signed !== undefined) for (const name in signed) headers.push(name, signed[name] as string)
    else if (credential.kind === 'header')
      headers.push(credential.header.name, credential.header.prefix + credential.token)
    // A buffer is counted by undici itself.
    const length = this.#request.headers['content-length']
    if (length !== undefined && !Buffer.isBuffer(this.#body)) headers.push('content-length', length)
    const stream = new AnswerStream(this)
    this.#stream = stream
    way.dispatcher.dispatch(
      {
        origin: way.origin,
        path: targetWith(withoutCredential(url, credential), credential),
        method: this.#request.method as Dispatcher.HttpMethod,
        headers,
        body: this.#body,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      stream,
    )
  }

  /** With a proof of the key that the token is bound to, once more when the API wants its nonce in it (RFC 9449 9). */
  async #sendProven(credential: Extract<Credential, { kind: 'dpop' }>): Promise<void> {
    let last: Headed | null = null
    const request = { method: this.#request.method ?? 'GET', url: this.url as URL }
    try {
      await credential.signer.send(request, credential.token, async (signed) => {
        if (last !== null) {
          if (!this.#canRepeat()) throw cannotRepeat
          last.stream.drop()
        }
        last = await new Promise<Headed>((resolve, reject) => {
          this.#headed = { resolve, reject }
          this.#send(signed)
        })
        return last
      })
    } catch (error) {
      // The nonce is remembered: the next request has it.
      if (error !== cannotRepeat) throw error
    }
    const { stream } = last as unknown as Headed
    if (this.#decide(stream)) stream.pass()
  }

  #canRepeat(): boolean {
    return !(this.#body instanceof RequestBody)
  }

  head(stream: AnswerStream): boolean {
    this.movedAt = this.#shared.idle.now
    if (this.#headed !== null) {
      const { resolve } = this.#headed
      this.#headed = null
      resolve({ status: stream.status, headers: flat(stream.headers), stream })
      return false
    }
    return this.#decide(stream)
  }

  /** Whether this answer is the one. A token that is refused is renewed first, once. */
  #decide(stream: AnswerStream): boolean {
    const challenge = stream.status === 401 ? flat(stream.headers)['www-authenticate'] : undefined
    if (stream.status === 401 && !this.#repeated && tokenRejected(401, challenge)) {
      this.#repeated = true
      this.#renew(stream).catch(this.#fail)
      return false
    }
    this.status = stream.status
    return true
  }

  async #renew(stream: AnswerStream): Promise<void> {
    const old = this.#credential as Credential
    const { accessToken } = this.#tokens as TokenSet
    this.#shared.logger.info('The API refused the token: refreshing once.', { account: this.#accountId })
    let renewed: Credential
    try {
      const { tokens, refreshed } = await this.#shared.tokens.fresh(this.#accountId, { rejected: accessToken })
      this.refreshed ||= refreshed
      renewed = this.#plainCredential(tokens) ?? (await this.#chooseCredential(tokens))
    } catch (error) {
      if (!this.#canRepeat()) return this.#passOn(stream)
      stream.drop()
      throw error
    }
    if (this.#closed) return
    // A long body has gone by: the refusal is the answer, and the next request has the new token.
    if (renewed.token === old.token || !this.#canRepeat()) return this.#passOn(stream)
    stream.drop()
    this.#credential = renewed
    if (renewed.kind === 'dpop') await this.#sendProven(renewed)
    else this.#send()
  }

  #passOn(stream: AnswerStream): void {
    this.status = stream.status
    stream.pass()
  }

  received(bytes: number): void {
    this.bytesReceived += bytes
    this.movedAt = this.#shared.idle.now
  }

  #sentOne = (bytes: number): void => {
    this.bytesSent += bytes
    this.movedAt = this.#shared.idle.now
  }

  failed(error: Error): void {
    const known = this.#asKnown(error)
    if (this.#headed !== null) {
      const { reject } = this.#headed
      this.#headed = null
      reject(known)
    } else this.#fail(known)
  }

  broken(error: Error): void {
    this.note(this.#asKnown(error))
    cutAnswer(this.#request, this.response)
  }

  #asKnown(error: Error): LatchkeyError {
    return answerError(error, this.url as URL, this.#shared.idleLimit, this.#known?.settings.route)
  }

  stuck(): void {
    this.end(timedOut(this.url as URL, this.#shared.idleLimit))
  }

  lead(name: string, value: string): string {
    const { policy, base, settings } = this.#known as Known
    return leadBack(name, value, {
      url: this.url as URL,
      base,
      proxy: this.#proxy,
      secretParameter: queryParameterOf(settings),
      allowed(url) {
        try {
          checkDestination(policy, url)
          return true
        } catch {
          return false
        }
      },
    })
  }

  #fail = (error: unknown): void => {
    if (this.#closed || isCutOff(this.#request)) this.#gone()
    else if (this.response.headersSent) {
      this.note(error)
      cutAnswer(this.#request, this.response)
    } else this.#end?.reject(error)
  }

  #gone(): void {
    this.error ??= 'cancelled'
    this.#message ??= 'the caller went away'
    this.#stream?.stop(callerGone)
    this.#end?.resolve()
  }

  /** The answer is out, or the caller has gone: then the other side need not go on. */
  #onClose = (): void => {
    this.#closed = true
    if (this.response.writableFinished) this.#end?.resolve()
    else this.#gone()
  }

  /** Ends the request, and its answer if it has begun. */
  end(error: LatchkeyError): void {
    if (this.#closed) return
    this.#fail(error)
    this.#stream?.stop(error)
  }
}

const callerGone = new LatchkeyError('timeout', 'The caller went away.')
const cannotRepeat = new Error('The body of the request has gone by.')

function flat(headers: AnswerStream['headers']): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return all
}
