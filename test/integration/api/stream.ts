import http from 'node:http'
import { onTestFinished } from 'vitest'
import { type ApiWorld, hostAndPort } from './world.ts'

export interface ReadStream {
  status: number
  headers: http.IncomingHttpHeaders
  /** All that has arrived. */
  text(): string
  /** The events that have arrived. */
  events(): { id: string | null; event: string; data: unknown }[]
  /** The id where the reader stands. */
  position(): string | null
  /** Resolves when the other side has ended it. */
  ended: Promise<unknown>
  close(): void
}

/** Opens an event stream with the owner key, another key, or other headers. */
export function openStream(
  world: ApiWorld,
  target = '/v1/events',
  options: { key?: string; headers?: Record<string, string>; socket?: boolean } = {},
): Promise<ReadStream> {
  const { key = world.key, headers = {}, socket = false } = options
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        ...(socket ? { socketPath: world.paths.socket } : hostAndPort(world.host)),
        path: target,
        headers: { authorization: `Bearer ${key}`, ...headers },
        agent: false,
      },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        incoming.on('error', () => {})
        onTestFinished(() => void request.destroy())
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: () => text,
          events: () => eventsOf(text),
          position: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? null,
          ended: new Promise((done) => incoming.once('close', done)),
          close: () => request.destroy(),
        })
      },
    )
    request.on('error', reject).end()
  })
}

/** HTML Standard 9.2.6, as far as Latchkey uses it. */
function eventsOf(text: string) {
  const blocks = text.split('\n\n').slice(0, -1)
  return blocks.flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
    const data = field('data')
    return data === null ? [] : [{ id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data) }]
  })
}
