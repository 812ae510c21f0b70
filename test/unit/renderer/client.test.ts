import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openEnvelope } from '../../../renderer/client.ts'
import { createEventParser } from '../../../renderer/event-stream.ts'
import { headlessConnection, linkOf } from '../../../renderer/headless-client.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A host on a real socket, and the parts of `window` that the page's client uses. */
async function host(listener: RequestListener, hash = '', stored: Record<string, string> = {}) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const storage = new Map(Object.entries(stored))
  const page = {
    location: { hash, pathname: '/' },
    history: {
      replaceState: (_state: unknown, _title: string, path: string) => {
        page.location.hash = path.includes('#') ? path : ''
      },
    },
    sessionStorage: {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, value: string) => storage.set(name, value),
      removeItem: (name: string) => storage.delete(name),
    },
    fetch: (path: string, init?: RequestInit) => fetch(base + path, init),
    setTimeout,
  }
  return { connection: headlessConnection(page as unknown as Window), page, storage }
}

const json = (status: number, body: unknown): [number, string] => [status, JSON.stringify(body)]
function answering(answers: Record<string, (body: string, authorization: string | undefined) => [number, string]>) {
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const answer = answers[request.url ?? '']
      const [status, body] = answer?.(Buffer.concat(parts).toString(), request.headers.authorization) ?? json(404, {})
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
  }
  return listener
}
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof LatchkeyError ? error.code : String(error)),
  )

describe('the envelope of an answer', () => {
  it('gives the value', () => {
    expect(openEnvelope({ ok: true, value: 7 })).toBe(7)
  })
  it('throws the error with its code and its way out', () => {
    const error = { code: 'rate_limited', message: 'Wait.', retry_after: 8 }
    expect(() => openEnvelope({ ok: false, error })).toThrowError(expect.objectContaining({ code: 'rate_limited' }))
  })
  it.each([null, undefined, 'text', {}, { ok: true }, { ok: false, error: 'text' }])('refuses %j', (answer) => {
    expect(() => openEnvelope(answer)).toThrowError(expect.objectContaining({ code: 'internal' }))
  })
})

describe('the session of the headless page', () => {
  it('reads the link from the hash and nowhere else', () => {
    expect(linkOf('#link=a%2Bb')).toBe('a+b')
    expect([linkOf(''), linkOf('#/accounts'), linkOf('#link=')]).toEqual([null, null, null])
  })

  it('trades the link once, takes it out of the address bar, and sends the key with every call', async () => {
    const seen: string[] = []
    const { connection, page, storage } = await host(
      answering({
        '/page/session': (body) => {
          seen.push(body)
          return json(200, { key: 'k1' })
        },
        '/page/call': (_body, authorization) => json(200, { ok: true, value: authorization }),
      }),
      '#link=once',
    )
    expect(page.location.hash).toBe('')
    expect(await connection.call('app.info', {})).toEqual({ ok: true, value: 'Bearer k1' })
    await connection.call('app.info', {})
    expect(seen).toEqual(['{"link":"once"}'])
    expect(storage.get('latchkey.session')).toBe('k1')
  })

  it('says that there is no session without link or key, and asks nobody', async () => {
    const { connection } = await host(() => expect.unreachable('The host must not be asked.'))
    expect(await code(connection.call('app.info', {}))).toBe('unauthenticated')
  })

  it('forgets a key that the host no longer knows', async () => {
    const { connection, storage } = await host(
      answering({ '/page/call': () => json(401, { error: { code: 'unauthenticated', message: '' } }) }),
      '',
      { 'latchkey.session': 'old' },
    )
    expect(await code(connection.call('app.info', {}))).toBe('unauthenticated')
    expect(storage.has('latchkey.session')).toBe(false)
  })

  it('turns a refusal of the guard into an envelope', async () => {
    const error = { code: 'too_large', message: 'Too much.' }
    const { connection } = await host(answering({ '/page/call': () => json(413, { error }) }), '', {
      'latchkey.session': 'k',
    })
    expect(await connection.call('app.info', {})).toEqual({ ok: false, error })
  })
})

describe('events', () => {
  it('are found wherever the chunks are cut, past comments and names', () => {
    const text = ': hi\n\nevent: vault\ndata: {"a":1}\n\ndata: x\r\ndata: y\r\n\r\ndata: unfin'
    const parse = createEventParser()
    expect([...text].flatMap(parse)).toEqual(['{"a":1}', 'x\ny'])
    expect(parse('ished\n\n')).toEqual(['unfinished'])
  })

  it('come with the key, and the stream is opened again when it breaks', async () => {
    let opened = 0
    const { connection } = await host(
      (request, response) => {
        opened += 1
        expect(request.headers.authorization).toBe('Bearer k')
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`data: {"type":"vault","state":"${opened === 1 ? 'locked' : 'unlocked'}"}\n\n`)
        if (opened === 1) response.end()
      },
      '',
      { 'latchkey.session': 'k' },
    )
    const states: boolean[] = []
    const stopStates = connection.onState((reachable) => states.push(reachable))
    const events = await new Promise<LatchkeyEvent[]>((resolve) => {
      const got: LatchkeyEvent[] = []
      const stop = connection.onEvent((event) => {
        got.push(event)
        if (got.length < 2) return
        stop()
        resolve(got)
      })
    })
    stopStates()
    expect(events).toEqual([
      { type: 'vault', state: 'locked' },
      { type: 'vault', state: 'unlocked' },
    ])
    expect(states).toEqual([false, true])
  })
})
