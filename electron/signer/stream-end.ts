import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { LatchkeyError } from '../../shared/errors.ts'
import { networkError } from '../platform/network-errors.ts'
import type { Route } from '../platform/ports.ts'

/** How a streamed request ends when it does not end well. */

/** A caller who has its answer may go on sending what nobody reads for so many milliseconds. */
const linger = 10_000

/** Whether the caller went away before all of its request had come. */
export const isCutOff = (request: IncomingMessage): boolean => request.destroyed && !request.complete

/**
 * Ends the caller's connection in such a way that the body cannot be taken for a whole one. Where it has neither a length
 * nor chunks (HTTP/1.0), it ends with the connection, so that this end has to look like a failure.
 */
export function cutAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  // Only TCP has such an end; a Unix socket has no address.
  const canReset = socket instanceof Socket && socket.remoteAddress !== undefined
  if (request.httpVersionMinor === 0 && canReset) socket.resetAndDestroy()
  else response.destroy()
}

/**
 * Reads what is left of a request whose answer is out, for a while: ending the connection while its sender is still at it
 * could take the answer away from them (RFC 9112 9.6).
 */
export function readRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  const { socket } = request
  const timer = setTimeout(() => socket?.destroy(), linger)
  timer.unref()
  const over = () => clearTimeout(timer)
  request.once('end', over).once('close', over).resume()
}

/** @param idleLimit Milliseconds, for the message alone. */
export function answerError(error: Error, url: URL, idleLimit: number, route?: Route): LatchkeyError {
  const { code } = error as NodeJS.ErrnoException
  // The parser's own errors, and a body that is not as long as it was said to be.
  if (code?.startsWith('HPE_') || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return new LatchkeyError('provider_error', `${url.host} answered with what is not valid HTTP.`)
  }
  return networkError(error, url, idleLimit, route)
}
