import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'
import type { RedirectListener, RedirectRequest } from '../../../electron/redirects/ports.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const it of open.splice(0)) await it.close()
})

async function listen(request: Partial<RedirectRequest> = {}): Promise<RedirectListener> {
  const listener = await loopbackRedirects().listen({
    providerId: 'practice',
    host: '127.0.0.1',
    port: null,
    accept: (url) => url.searchParams.get('state') === 'right',
    ...request,
  })
  open.push(listener)
  return listener
}

async function holdPort(host: string, port: number): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen({ host, port }, listening))
  open.push({ close: () => new Promise((closed) => server.close(closed)) })
  return (server.address() as { port: number }).port
}

const never = new AbortController().signal

describe('the loopback listener', () => {
  it('gives a redirect URI with the address literal, a port of the moment and a path for each provider', async () => {
    const [one, other] = [await listen(), await listen({ providerId: 'google' })]
    expect(one.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/callback\/practice$/)
    expect(other.redirectUri).toMatch(/\/callback\/google$/)
    expect(new URL(one.redirectUri).port).not.toBe(new URL(other.redirectUri).port)
  })

  it('resolves with the accepted answer and shows a page to close', async () => {
    const listener = await listen()
    const answer = listener.answer(never)
    const response = await fetch(`${listener.redirectUri}?code=abc&state=right`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('You can close this page')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect((await answer).href).toBe(`${listener.redirectUri}?code=abc&state=right`)
  })

  it('keeps an answer that arrives before anybody waits for it', async () => {
    const listener = await listen()
    await fetch(`${listener.redirectUri}?code=abc&state=right`)
    expect((await listener.answer(never)).searchParams.get('code')).toBe('abc')
  })

  it('says on the page that the provider declined', async () => {
    const listener = await listen()
    const response = await fetch(`${listener.redirectUri}?error=access_denied&state=right`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('did not allow the sign-in')
  })

  it('changes nothing for an answer that is not accepted, and still takes the right one', async () => {
    const listener = await listen()
    const wrong = await fetch(`${listener.redirectUri}?code=abc&state=wrong`)
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('does not belong to a sign-in under way')
    expect((await fetch(`${listener.redirectUri}?code=def&state=right`)).status).toBe(200)
    expect((await listener.answer(never)).searchParams.get('code')).toBe('def')
  })

  it('is used once: every later answer is told so and does not count', async () => {
    const listener = await listen()
    await fetch(`${listener.redirectUri}?code=first&state=right`)
    const again = await fetch(`${listener.redirectUri}?code=second&state=right`)
    expect(again.status).toBe(410)
    expect(await again.text()).toContain('already used')
    expect((await listener.answer(never)).searchParams.get('code')).toBe('first')
  })

  it.each(['/', '/callback', '/callback/google?state=right', '/favicon.ico'])(
    'knows no other path: %s',
    async (path) => {
      const listener = await listen()
      expect((await fetch(new URL(path, listener.redirectUri))).status).toBe(404)
    },
  )

  it.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE'])('answers GET alone: %s', async (method) => {
    let asked = 0
    const listener = await listen({ accept: () => ++asked > 0 })
    const response = await fetch(`${listener.redirectUri}?code=abc&state=right`, { method })
    expect([response.status, response.headers.get('allow'), asked]).toEqual([405, 'GET', 0])
  })

  it('stops waiting with the reason of the signal', async () => {
    const listener = await listen()
    const controller = new AbortController()
    const answer = listener.answer(controller.signal)
    controller.abort(new Error('cancelled'))
    await expect(answer).rejects.toThrow('cancelled')
    await expect(listener.answer(controller.signal)).rejects.toThrow('cancelled')
  })

  it('frees its port when it is closed, even with a spare connection open', async () => {
    const listener = await listen()
    const port = Number(new URL(listener.redirectUri).port)
    const { connect } = await import('node:net')
    const spare = connect({ host: '127.0.0.1', port })
    spare.on('error', () => {})
    await new Promise((connected) => spare.once('connect', connected))
    const waiting = listener.answer(never)
    await Promise.all([listener.close(), expect(waiting).rejects.toThrow('closed')])
    expect(await holdPort('127.0.0.1', port)).toBe(port)
  })

  it('lets the page arrive when it is closed at once', async () => {
    const listener = await listen()
    const response = fetch(`${listener.redirectUri}?code=abc&state=right`)
    await listener.answer(never)
    await listener.close()
    expect(await (await response).text()).toContain('You can close this page')
  })

  it('takes the fixed port that a provider demands', async () => {
    const port = await holdPort('127.0.0.1', 0)
    for (const it of open.splice(0)) await it.close()
    expect((await listen({ port })).redirectUri).toBe(`http://127.0.0.1:${port}/callback/practice`)
  })

  it('names a fixed port that is taken, and the way out', async () => {
    const port = await holdPort('127.0.0.1', 0)
    const error = await listen({ port }).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(LatchkeyError)
    expect(error.message).toContain(`Port ${port}`)
    expect(error.details.action.text).toContain('Cancel another sign-in')
  })

  it('serves localhost on both loopback addresses', async () => {
    const listener = await listen({ host: 'localhost' })
    expect(listener.redirectUri).toMatch(/^http:\/\/localhost:\d+\/callback\/practice$/)
    const response = await fetch(`${listener.redirectUri}?code=abc&state=right`)
    expect(response.status).toBe(200)
  })
})
