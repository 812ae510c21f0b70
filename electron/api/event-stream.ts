import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import type { LatchkeyEvent } from '../../shared/models.ts'
import type { EventBus } from '../platform/ports.ts'
import type { Caller } from '../services/ports.ts'
import type { EventFilter } from '../services/ports-apps.ts'
import { baseHeaders } from './refusal.ts'

/** Milliseconds between comments that keep a silent stream open and show a dead one. */
const heartbeat = 15_000
/** Bytes that wait for a reader who does not read, before the stream is ended. */
const patience = 1_000_000
/** Events that are kept for readers who come back. */
const kept = 1_000
/** Milliseconds after which a reader should come back when a stream broke. */
const retry = 2_000
/** Milliseconds to take in the last events of a stream that is ended. */
const farewell = 1_000

interface Stream {
  response: ServerResponse
  caller: Caller
}

/**
 * Server-sent events (HTML Standard 9.2): ids and states, never secrets. Each event's name is its `type`, its data the
 * event as JSON, its id `BOOT-NUMBER`. A reader that comes back with the id of the last event it saw (`Last-Event-ID`)
 * gets what it missed, as long as it is kept; otherwise one event `reset`: read the state anew.
 *
 * `sees` is asked for each event when it is told, the missed ones too: a permission that was withdrawn ends what it
 * showed at once.
 */
export function createEventStreams(
  events: EventBus<LatchkeyEvent>,
  options: { sees: EventFilter; mostPerApp: number },
) {
  const open = new Set<Stream>()
  /** A number alone would be taken for one of before the restart. */
  const boot = randomBytes(6).toString('hex')
  /** The last events; the newest has the number `count`. */
  let ring: LatchkeyEvent[] = []
  let count = 0
  const idOf = (number: number) => `${boot}-${number}`

  const send = ({ response }: Stream, text: string) => {
    if (response.writableLength > patience) response.destroy()
    else response.write(text)
  }
  const tell = (stream: Stream, event: LatchkeyEvent, number: number) => {
    if (!isSeen(event, stream.caller)) return
    send(stream, `id: ${idOf(number)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const isSeen = (event: LatchkeyEvent, caller: Caller) => {
    try {
      return options.sees(event, caller)
    } catch {
      // The vault is locked, say: what cannot be judged is not told.
      return false
    }
  }
  const end = (stream: Stream) => {
    if (!open.delete(stream)) return
    stream.response.end()
    setTimeout(() => stream.response.destroy(), farewell).unref()
  }

  const stopListening = events.on((event) => {
    count += 1
    ring.push(event)
    // Cut now and then instead of moving a thousand entries for each one.
    if (ring.length >= 2 * kept) ring = ring.slice(-kept)
    const over = event.type === 'app' && event.state !== 'active' ? event.app_id : null
    for (const stream of [...open]) {
      tell(stream, event, count)
      if (over !== null && stream.caller.app?.id === over) end(stream)
    }
  })
  const beat = setInterval(() => {
    for (const stream of open) send(stream, ': still here\n\n')
  }, heartbeat)
  beat.unref()

  /** How many of the last events came after this id; null when that cannot be told. */
  const missedSince = (lastEventId: string): number | null => {
    const [, from, number] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastEventId) ?? []
    const missed = count - Number(number)
    return from === boot && missed >= 0 && missed <= Math.min(kept, ring.length) ? missed : null
  }

  return {
    /**
     * Answers with a stream, until the reader goes away or may not read any more.
     *
     * @param lastEventId What the reader sent as `Last-Event-ID`; null: it comes for the first time.
     * Throws `rate_limited` when the app has too many open.
     */
    attach(response: ServerResponse, caller: Caller, lastEventId: string | null): void {
      const { app } = caller
      if (app !== undefined && [...open].filter((it) => it.caller.app?.id === app.id).length >= options.mostPerApp) {
        throw new LatchkeyError('rate_limited', `This app has ${options.mostPerApp} event streams open. Close one.`)
      }
      const stream = { response, caller }
      response.writeHead(200, { ...baseHeaders, 'content-type': 'text/event-stream; charset=utf-8' })
      const missed = lastEventId === null ? 0 : missedSince(lastEventId)
      // An id without data is where the reader stands, before it saw an event.
      const start = idOf(count - (missed ?? 0))
      send(stream, `retry: ${retry}\nid: ${start}\n: connected\n\n`)
      if (missed === null) send(stream, `id: ${start}\nevent: reset\ndata: {"type":"reset"}\n\n`)
      else if (missed > 0) {
        for (const [index, event] of ring.slice(-missed).entries()) tell(stream, event, count - missed + index + 1)
      }
      open.add(stream)
      response.on('close', () => open.delete(stream))
      caller.signal?.addEventListener('abort', () => end(stream), { once: true })
      if (caller.signal?.aborted) end(stream)
    },
    close(): void {
      clearInterval(beat)
      stopListening()
      for (const { response } of open) response.end()
      open.clear()
    },
  }
}

export type EventStreams = ReturnType<typeof createEventStreams>

/** The id of the last event that a reader saw (HTML Standard 9.2.4). Node puts several into one text, which is no id. */
export function lastEventId(headers: IncomingHttpHeaders): string | null {
  const id = headers['last-event-id']
  return id === undefined ? null : String(id)
}
