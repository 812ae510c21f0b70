import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { LatchkeyError } from '../../shared/errors.ts'
import { type AnswerRules, answerHeaders, answerTrailers } from './proxy-headers.ts'

/** The request that an answer is streamed for. It may be sent twice, and then there are two streams for it. */
export interface StreamJob {
  readonly response: ServerResponse
  /** Latchkey's own headers of every answer, names and values in turn. */
  readonly own: readonly string[]
  /** Made for them. */
  readonly rules: AnswerRules
  /** The value of `Location`, `Content-Location` or `Link` that leads through the proxy. */
  lead(name: string, value: string): string
  /** The head of an answer has arrived. false: the stream waits until `pass` or `drop` is called. */
  head(stream: AnswerStream): boolean
  /** So many bytes of a body have arrived. */
  received(bytes: number): void
  /** There will be no answer. Called before anything was handed on. */
  failed(error: Error): void
  /** The answer broke off after it had begun. */
  broken(error: Error): void
}

/** What is read of an answer that nobody wants, to keep its connection. */
const mostDropped = 65_536

/** A first piece up to this length is held back for a moment: when it is all there is, head and body leave in one write. */
const mostHeld = 16_384

const cannotBeHeader = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Hands one answer on as it arrives. The reader's pace is the sender's: while the caller's connection takes no more,
 * nothing is read from the other side. A body that breaks off is never ended as if it were whole.
 */
export class AnswerStream implements Dispatcher.DispatchHandler {
  status = 0
  headers: IncomingHttpHeaders = {}
  readonly #job: StreamJob
  #statusText = ''
  #controller: Dispatcher.DispatchController | null = null
  #state: 'waiting' | 'judged' | 'passing' | 'dropped' | 'over' = 'waiting'
  #stopped: Error | null = null
  #sent = false
  #held: Buffer | null = null
  #dropped = 0

  constructor(job: StreamJob) {
    this.#job = job
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#stopped !== null) controller.abort(this.#stopped)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    // Interim answers (RFC 9110 15.2) are for the connection to the other side alone.
    if (status < 200 || this.#state !== 'waiting') return
    this.status = status
    this.headers = headers
    this.#statusText = statusText ?? ''
    this.#state = 'judged'
    if (this.#job.head(this)) this.pass()
    else if (this.#state === 'judged') controller.pause()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state === 'dropped') {
      this.#dropped += chunk.length
      if (this.#dropped > mostDropped) controller.abort(noLongerWanted)
      return
    }
    if (this.#state !== 'passing') return
    this.#job.received(chunk.length)
    if (!this.#sent && this.#held === null && chunk.length <= mostHeld) {
      this.#held = chunk
      return
    }
    this.flush()
    const { response } = this.#job
    if (response.write(chunk)) return
    controller.pause()
    response.once('drain', () => controller.resume())
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    const passing = this.#state === 'passing'
    this.#state = 'over'
    if (!passing) return
    const { response } = this.#job
    const held = this.#held
    this.#sent = true
    this.#held = null
    const section = trailers === undefined ? null : answerTrailers(trailers)
    // Every recipient of chunked coding reads the trailer section (RFC 9112 7.1), whether it said `TE: trailers` or not.
    if (section !== null) response.addTrailers(section)
    // As text, one character for each byte, so that node:http puts head and body into one string and one write.
    if (held === null) response.end()
    else response.end(held.toString('latin1'), 'latin1')
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const before = this.#state
    this.#state = 'over'
    if (before === 'waiting' || before === 'judged') this.#job.failed(error)
    else if (before === 'passing') this.#job.broken(error)
  }

  /** Hands the answer on. */
  pass(): void {
    if (this.#state !== 'judged') return
    this.#state = 'passing'
    const { response, own, rules } = this.#job
    const { status } = this
    const { req } = response
    const chunkable = req.httpVersionMinor > 0 && req.method !== 'HEAD' && status !== 204 && status !== 304
    try {
      const headers = answerHeaders(this.headers, { status, chunkable }, own, rules, (name, value) =>
        this.#job.lead(name, value),
      )
      const text = this.#statusText
      if (cannotBeHeader.test(text)) response.writeHead(status, headers)
      else response.writeHead(status, text, headers)
    } catch {
      this.#state = 'judged'
      this.stop(new LatchkeyError('provider_error', 'The answer holds what no HTTP header can hold.'))
      return
    }
    // A short answer has been read whole when this runs, and left in one piece. A stream's head must not wait for its body.
    process.nextTick(flushHead, this)
    this.#controller?.resume()
  }

  /** Reads the answer to its end and hands nothing of it on. */
  drop(): void {
    if (this.#state !== 'judged') return
    this.#state = 'dropped'
    this.#controller?.resume()
  }

  /** Ends the request to the other side at once. The job is told as long as nothing was handed on. */
  stop(reason: Error): void {
    if (this.#state === 'over' || this.#stopped !== null) return
    this.#stopped = reason
    const { aborted } = this.#controller ?? { aborted: false }
    if (this.#controller !== null && !aborted) this.#controller.abort(reason)
  }

  /** Lets go of what was held back. */
  flush(): void {
    if (this.#sent || this.#state !== 'passing') return
    this.#sent = true
    const held = this.#held
    this.#held = null
    if (held === null) this.#job.response.flushHeaders()
    else this.#job.response.write(held)
  }
}

const noLongerWanted = new LatchkeyError('internal', 'The rest of the answer is not wanted.')

const flushHead = (stream: AnswerStream) => stream.flush()
