import type http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Logger } from '../platform/ports.ts'
import type { Events } from '../services/ports.ts'
import type { Listener, WebhookService } from '../services/webhooks/service.ts'
import { logUnexpected } from './app.ts'
import { type ApiLimits, defaultLimits } from './limits.ts'
import { createServer, listenOnLoopback, stop } from './listeners.ts'
import { baseHeaders } from './refusal.ts'

/** Bytes of a delivery: far above what a notification of a change has. */
const maxBody = 1_000_000

/** Deliveries that are being read at the same time. */
const concurrency = 64

const listenerLimits: ApiLimits = { ...defaultLimits, body: maxBody, requestTimeout: 15_000, connections: 256 }

export interface HooksListenerParts {
  webhooks: Pick<WebhookService, 'receive' | 'wanted'>
  events: Events
  logger: Logger
  /** The port to try first, 47322 by default; a free one is taken when it is not to be had. */
  port?: number
}

export interface HooksListener extends Listener {
  close(): Promise<void>
}

/**
 * Where webhooks arrive: a server of its own on 127.0.0.1 that answers `POST /hooks/{endpoint}` and nothing else, so that
 * a tunnel to it leads nowhere near the API. Off until there is an endpoint that is switched on. Once on it stays on while
 * the vault is locked, to tell senders to come back.
 */
export function createHooksListener(parts: HooksListenerParts): HooksListener {
  const { webhooks, events, logger } = parts
  let server: http.Server | null = null
  let url: string | null = null
  let closed = false
  let running = 0
  let turn: Promise<void> = Promise.resolve()

  async function adjust(): Promise<void> {
    const wanted = !closed && isWanted()
    if (wanted === null || wanted === (server !== null)) return
    if (server !== null) {
      const old = server
      server = null
      url = null
      await stop(old)
      return
    }
    const made = createServer(listenerLimits, (request, response) => {
      running += 1
      response.once('close', () => {
        running -= 1
      })
      answer(request, response).catch((error: unknown) => {
        logUnexpected(logger, error)
        response.destroy()
      })
    })
    server = made
    url = `http://${await listenOnLoopback(made, parts.port ?? 47_322)}`
    logger.info('Webhooks are received.', { url })
  }

  /** null: nobody knows while the vault is locked, so it stays as it is. */
  function isWanted(): boolean | null {
    try {
      return webhooks.wanted()
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === 'locked') return null
      throw error
    }
  }

  const schedule = () => {
    turn = turn.then(adjust).catch((error: unknown) => {
      server = null
      url = null
      logUnexpected(logger, error)
    })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (running > concurrency) return end(response, 503, 'Too many requests at the same moment.', 5)
    const target = new URL(request.url ?? '/', 'http://hooks.invalid')
    const id = /^\/hooks\/([a-z]+_[0-9a-z]+)$/.exec(target.pathname)?.[1]
    if (id === undefined) return end(response, 404, 'Webhooks are received here, and nothing else.')
    // No sender is a browser; a page that tries this machine's ports is one.
    const { headers } = request
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
      return end(response, 403, 'Browsers are not answered here.')
    }
    if (request.method !== 'POST' && request.method !== 'GET') return end(response, 405, 'Deliveries come with POST.')
    if (!['', 'identity'].includes(headers['content-encoding'] ?? '')) {
      return end(response, 415, 'Deliveries come without a content encoding.')
    }
    // A sender that went away in the middle hears nothing, and is nothing to write down.
    const body = await read(request).catch(() => undefined)
    if (body === undefined) return void response.destroy()
    if (body === null) return end(response, 413, 'A delivery has at most 1 MB.')
    const arrival = { method: request.method, query: target.searchParams, headers: plainHeaders(headers), body }
    const reply = await webhooks.receive(id, arrival)
    end(response, reply.status, reply.text, reply.retryAfter)
  }

  const stopListening = events.on((event) => {
    if ((event.type === 'webhook' && event.delivery_id === null) || event.type === 'vault') schedule()
  })
  schedule()

  return {
    url: () => url,
    async settled() {
      let last: Promise<void>
      do {
        last = turn
        await last
      } while (last !== turn)
    },
    async close() {
      closed = true
      stopListening()
      schedule()
      await turn
    },
  }
}

/** The whole body, or null when it is too large. */
async function read(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBody) return null
  const parts: Buffer[] = []
  let size = 0
  // Leaving the loop must not destroy the connection, which the refusal still goes out on.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length
    if (size > maxBody) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts, size)
}

/** A header that came twice is none to trust: node:http joins most with a comma, and then nothing fits. */
function plainHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const plain = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.assign(Object.create(null), Object.fromEntries(plain)) as Record<string, string>
}

function end(response: ServerResponse, status: number, text: string, retryAfter?: number): void {
  if (response.destroyed) return
  response.writeHead(status, {
    ...baseHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...(status === 405 ? { allow: 'POST' } : {}),
    // What is refused unread is not read either.
    ...(status >= 400 ? { connection: 'close' } : {}),
  })
  response.end(text)
}
