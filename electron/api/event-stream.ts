import type { ServerResponse } from 'node:http'
import type { LatchkeyEvent } from '../../shared/models.ts'
import type { EventBus } from '../platform/ports.ts'
import { baseHeaders } from './refusal.ts'

/** Milliseconds between comments that keep a silent stream open and show a dead one. */
const heartbeat = 15_000
/** Bytes that wait for a reader who does not read, before the stream is ended. */
const patience = 1_000_000

/**
 * Server-sent events (HTML Standard 9.2): ids and states, never secrets. Each event's name is its `type`, its data the
 * event as JSON. A reader that comes back reads the state anew: nothing is repeated.
 */
export function createEventStreams(events: EventBus<LatchkeyEvent>) {
  const open = new Set<ServerResponse>()
  const write = (text: string) => {
    for (const response of open) {
      if (response.writableLength > patience) response.destroy()
      else response.write(text)
    }
  }
  const stopListening = events.on((event) => write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))
  const beat = setInterval(() => write(': still here\n\n'), heartbeat)
  beat.unref()

  return {
    attach(response: ServerResponse): void {
      response.writeHead(200, { ...baseHeaders, 'content-type': 'text/event-stream; charset=utf-8' })
      response.write(': connected\n\n')
      open.add(response)
      response.on('close', () => open.delete(response))
    },
    close(): void {
      clearInterval(beat)
      stopListening()
      for (const response of open) response.end()
      open.clear()
    },
  }
}

export type EventStreams = ReturnType<typeof createEventStreams>
