import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** The body of a request on its way through. `moved` is told how many bytes have come. */
type Moved = (bytes: number) => void

const cutOff = () => Object.assign(new Error('The body of the request was cut off.'), { code: 'ECONNRESET' })

/**
 * The body as a stream that reads no faster than it is read, and begins when it is asked for first. It stands between
 * the request and whoever reads it, so that ending it early does not end the caller's connection: the answer may be on
 * its way there.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage
  readonly #moved: Moved
  #started = false

  constructor(request: IncomingMessage, moved: Moved) {
    super({ highWaterMark: 65_536 })
    this.#request = request
    this.#moved = moved
  }

  override _read(): void {
    if (!this.#started) {
      this.#started = true
      this.#request.on('data', this.#onData).once('end', this.#onEnd).once('close', this.#onClose)
    }
    this.#request.resume()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    done(error)
  }

  #onData = (chunk: Buffer): void => {
    this.#moved(chunk.length)
    if (!this.push(chunk)) this.#request.pause()
  }

  #onEnd = (): void => {
    this.push(null)
  }

  /** Only a request that was cut off closes before its end. */
  #onClose = (): void => {
    if (!this.#request.complete) this.destroy(cutOff())
  }
}

/** Bodies up to this length are held in memory, so that they can be sent a second time. */
const mostHeld = 65_536

/** RFC 9112 6. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/**
 * The body of a request: held when its length is known and small, else as a stream; null: it has none. Asks for it when
 * the caller waits to be asked, so everything that could refuse the request has to be asked before (RFC 9110 10.1.1).
 * Rejects when the caller goes away first.
 */
export async function takeBody(
  request: IncomingMessage,
  response: ServerResponse,
  moved: Moved,
): Promise<Buffer | RequestBody | null> {
  if (!hasBody(request)) return null
  const { headers, httpVersion } = request
  // node:http lets no other expectation in.
  if (headers.expect !== undefined && httpVersion === '1.1') response.writeContinue()
  const streams = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > mostHeld
  return streams ? new RequestBody(request, moved) : wholeBody(request, moved)
}

/** The whole body, which is known to be short. Rejects when the caller goes away before its end. */
function wholeBody(request: IncomingMessage, moved: Moved): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    request.on('data', (chunk: Buffer) => {
      moved(chunk.length)
      parts.push(chunk)
    })
    request.once('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)))
    request.once('close', () => {
      if (!request.complete) reject(cutOff())
    })
  })
}
