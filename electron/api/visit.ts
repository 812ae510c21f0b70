import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LatchkeyError } from '../../shared/errors.ts'
import type { LookUpFacts } from '../platform/caller-facts.ts'
import { plainText } from '../platform/plain-text.ts'
import type { Caller, CallingApp } from '../services/ports.ts'
import type { Origin } from '../services/ports-apps.ts'
import type { Admission } from './admission.ts'
import type { Arrival } from './guard.ts'

/** One request: who was let in, and from where. */
export interface Visit {
  admission: Admission
  origin: VisitOrigin
}

export interface VisitOrigin extends Origin {
  /**
   * Resolves once a look-up that somebody asked for has ended, at once when nobody did. An answer that makes a program go
   * away is held back for it: who has gone cannot be looked at.
   */
  settled(): Promise<void>
}

export interface Visits {
  get(request: IncomingMessage): Visit | undefined
  set(request: IncomingMessage, visit: Visit): void
}

const visitOf = Symbol('visit')

/** Kept on the requests themselves: what stands in a WeakMap lives until the next full collection, and its key with it. */
export const visits: Visits = {
  get: (request: IncomingMessage & { [visitOf]?: Visit }) => request[visitOf],
  set: (request: IncomingMessage & { [visitOf]?: Visit }, visit) => {
    request[visitOf] = visit
  },
}

const longestUserAgent = 200

// Classes, because each object literal with a getter gets a shape of its own, which keeps what the getter sees alive until
// the next full collection: thousands of requests with everything that belongs to them.

/** Where a request came from. The operating system is asked when `facts` is called, and once. */
class RequestOrigin implements VisitOrigin {
  readonly transport: Arrival['transport']
  readonly #request: IncomingMessage
  readonly #lookUp: LookUpFacts
  #asked: ReturnType<LookUpFacts> | null = null

  constructor(transport: Arrival['transport'], request: IncomingMessage, lookUp: LookUpFacts) {
    this.transport = transport
    this.#request = request
    this.#lookUp = lookUp
  }

  get userAgent(): string | null {
    return readableUserAgent(this.#request.headers['user-agent'])
  }

  facts(): ReturnType<LookUpFacts> {
    this.#asked ??= this.#lookUp({ transport: this.transport, socket: this.#request.socket })
    return this.#asked
  }

  async settled(): Promise<void> {
    await this.#asked
  }
}

export function createOrigin(
  transport: Arrival['transport'],
  request: IncomingMessage,
  lookUp: LookUpFacts,
): VisitOrigin {
  return new RequestOrigin(transport, request, lookUp)
}

/** What a program calls itself, for a person to read. */
export function readableUserAgent(sent: string | undefined): string | null {
  return sent === undefined ? null : plainText(sent, longestUserAgent) || null
}

/** An app as the services see it. */
class RequestApp implements CallingApp {
  readonly id: string
  readonly name: string
  readonly #origin: Origin

  constructor({ id, name }: { id: string; name: string }, origin: Origin) {
    this.id = id
    this.name = name
    this.#origin = origin
  }

  get userAgent(): string | null {
    return this.#origin.userAgent
  }

  facts(): ReturnType<Origin['facts']> {
    return this.#origin.facts()
  }
}

class RequestCaller implements Caller {
  readonly kind: Caller['kind']
  readonly app?: CallingApp
  #over: AbortController | null = null
  #ended: { reason: unknown } | null = null

  constructor(kind: Caller['kind'], app?: CallingApp) {
    this.kind = kind
    if (app !== undefined) this.app = app
  }

  /** Made for who asks: most answers are out before anybody does, and it costs more than all the rest here. */
  get signal(): AbortSignal {
    this.#over ??= new AbortController()
    if (this.#ended !== null) this.#over.abort(this.#ended.reason)
    return this.#over.signal
  }

  end(reason?: unknown): void {
    this.#ended ??= { reason }
    this.#over?.abort(this.#ended.reason)
  }
}

/** Makes the callers that the services see. */
export function createCallers(onEnded: (appId: string, listener: () => void) => () => void) {
  return {
    /**
     * Who calls. Its signal aborts when they go away before the answer is out, and when the app that they are is revoked.
     */
    of({ admission, origin }: Visit, request: IncomingMessage, response: ServerResponse): Caller {
      const caller = callerOf(admission, origin, request)
      const { app } = caller
      const forget = app === undefined ? null : onEnded(app.id, () => caller.end(revoked()))
      response.on('close', () => {
        forget?.()
        if (!response.writableFinished) caller.end()
      })
      return caller
    },
  }
}

function callerOf(admission: Admission, origin: Origin, { headers }: IncomingMessage): RequestCaller {
  switch (admission.as) {
    case 'app':
      return new RequestCaller('app', new RequestApp(admission.app, origin))
    case 'page':
      return new RequestCaller('page')
    case 'owner':
      return new RequestCaller((headers['user-agent'] ?? '').startsWith('latchkey-cli/') ? 'cli' : 'owner')
    default:
      throw new Error(`Who came in as ${admission.as} makes no calls.`)
  }
}

export type Callers = ReturnType<typeof createCallers>

/** Who makes a call of the router's. */
export type CallerOf = (request: FastifyRequest, reply: FastifyReply) => Caller

const revoked = () => new LatchkeyError('unauthenticated', 'The access of this app was taken back.')
