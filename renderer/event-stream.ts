import type { LatchkeyEvent } from '../shared/models.ts'

/** Splits a server-sent event stream (HTML Standard 9.2.6) into the `data` of its events; keeps an unfinished tail. */
export function createEventParser(): (chunk: string) => string[] {
  let rest = ''
  return (chunk) => {
    rest += chunk
    const parts = rest.split(/\r?\n\r?\n/)
    rest = parts.pop() ?? ''
    return parts.flatMap((part) => {
      const data = part
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
      return data.length > 0 ? [data.join('\n')] : []
    })
  }
}

interface Options {
  open(signal: AbortSignal): Promise<Response>
  wait(milliseconds: number): Promise<void>
}

/**
 * One stream for the whole page, opened with the first listener and closed with the last, reconnected after 0.5 s at
 * first and 8 s at most. `EventSource` cannot send `Authorization`, so this reads a fetch body.
 */
export function eventStream({ open, wait }: Options) {
  const listeners = new Set<(event: LatchkeyEvent) => void>()
  const states = new Set<(reachable: boolean) => void>()
  let running: AbortController | null = null
  let reachable = true

  function tell(now: boolean): void {
    if (now === reachable) return
    reachable = now
    for (const listener of states) listener(now)
  }

  async function read(signal: AbortSignal): Promise<void> {
    const response = await open(signal)
    if (!response.ok || response.body === null) throw new Error(`The event stream answered ${response.status}.`)
    tell(true)
    const parse = createEventParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      for (const data of parse(value)) {
        const event = JSON.parse(data) as LatchkeyEvent
        for (const listener of listeners) listener(event)
      }
    }
  }

  async function run(controller: AbortController): Promise<void> {
    let pause = 500
    while (!controller.signal.aborted) {
      const begun = Date.now()
      await read(controller.signal).catch(() => undefined)
      if (controller.signal.aborted) return
      tell(false)
      // A stream that held for a while starts the back-off anew.
      if (Date.now() - begun > 10_000) pause = 500
      await wait(pause)
      pause = Math.min(pause * 2, 8000)
    }
  }

  return {
    onEvent(listener: (event: LatchkeyEvent) => void): () => void {
      listeners.add(listener)
      if (running === null) {
        running = new AbortController()
        void run(running)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        running?.abort()
        running = null
      }
    },
    onState(listener: (reachable: boolean) => void): () => void {
      states.add(listener)
      return () => states.delete(listener)
    },
  }
}
