import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { arrivals, evilPage, launch, noBrowser } from './browser.ts'
import { isAnswered } from './support.ts'

/** Everything that a page can do to reach another origin. Runs in the browser. */
async function attack({ base, key, proxy }: { base: string; key: string; proxy: string }): Promise<string[]> {
  const told: string[] = []
  const says = (name: string, said: unknown) => void told.push(`${name}: ${said}`)
  const tried = async (name: string, url: string, init: RequestInit) => {
    try {
      const answer = await fetch(url, init)
      says(name, answer.type === 'opaque' ? 'opaque' : `read ${await answer.text()}`)
    } catch {
      says(name, 'failed')
    }
  }
  const headers = { authorization: `Bearer ${key}` }
  const json = JSON.stringify({ url: '/x', name: 'Evil', purpose: 'None.' })
  const calls = [`${base}/v1/accounts`, `${base}/v1/health`, `${base}/openapi.json`, `${proxy}x`]
  for (const url of calls) {
    await tried(`fetch ${url}`, url, {})
    await tried(`no-cors ${url}`, url, { mode: 'no-cors', credentials: 'include' })
    await tried(`key ${url}`, url, { headers })
    await tried(`no-referrer ${url}`, url, { mode: 'no-cors', referrerPolicy: 'no-referrer' })
  }
  const posted = [`${base}/v1/pair`, `${base}/v1/accounts/acc_1/request`, `${base}/v1/lock`, `${proxy}x`]
  for (const url of posted) {
    await tried(`post ${url}`, url, { method: 'POST', body: json, mode: 'no-cors' })
    await tried(`json ${url}`, url, { method: 'POST', body: json, headers: { 'content-type': 'application/json' } })
    await tried(`put ${url}`, url, { method: 'PUT', body: json, headers })
    says(`beacon ${url}`, navigator.sendBeacon(url, new Blob([json], { type: 'text/plain' })))
  }
  const element = (name: string, make: () => HTMLElement) =>
    new Promise<void>((resolve) => {
      const it = make()
      it.onload = () => {
        says(name, 'loaded')
        resolve()
      }
      it.onerror = () => {
        says(name, 'failed')
        resolve()
      }
      document.body.append(it)
    })
  for (const url of [`${base}/v1/health`, `${proxy}x`]) {
    await element(`img ${url}`, () => Object.assign(new Image(), { src: url }))
    await element(`script ${url}`, () => Object.assign(document.createElement('script'), { src: url }))
    await element(`style ${url}`, () => Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url }))
    // A frame that is refused tells of no error: an empty document is loaded in its place.
    await element(`frame ${url}`, () => Object.assign(document.createElement('iframe'), { src: url }))
    await new Promise<void>((resolve) => {
      const source = new EventSource(url.replace('/v1/health', '/v1/events'), { withCredentials: true })
      source.onopen = () => says(`events ${url}`, 'opened')
      source.onerror = () => {
        says(`events ${url}`, 'failed')
        source.close()
        resolve()
      }
    })
    await new Promise<void>((resolve) => {
      const socket = new WebSocket(url.replace('http:', 'ws:'))
      socket.onopen = () => says(`ws ${url}`, 'opened')
      socket.onclose = () => {
        says(`ws ${url}`, 'failed')
        resolve()
      }
    })
  }
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    for (const url of posted) {
      const name = `${enctype} ${url}`
      const frame = Object.assign(document.createElement('iframe'), { name })
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: url, target: name, enctype })
      // With text/plain the body reads as JSON.
      form.append(Object.assign(document.createElement('input'), { name: '{"url":"/x","a":"', value: '"}' }))
      document.body.append(frame, form)
      await new Promise<void>((resolve) => {
        frame.onload = () => resolve()
        form.submit()
      })
    }
  }
  return told
}

it.skipIf(noBrowser !== null)(
  'a page of another origin in a real browser reaches nothing, whatever it tries',
  async () => {
    const upstream = await startUpstream((_, response) => response.end('from the API'))
    const world = await startProxy({
      baseUrl: upstream.base,
      page: { 'index.html': '<!doctype html><title>Own</title>' },
    })
    const base = `http://${world.host}`
    const seen = arrivals(Number(world.host.split(':')[1]))
    const page = await (await (await launch()).newContext()).newPage()
    await page.goto(await evilPage())

    // Even one that has come by a key: it is a page that shows it.
    const told = await page.evaluate(attack, { base, key: world.key, proxy: world.proxy })
    for (const said of told) expect(said).not.toMatch(/: (?:read|opened)/)
    for (const said of told.filter((it) => /^(?:script|style|img)/.test(it))) expect(said).toMatch(/: failed$/)
    expect(told.length).toBeGreaterThan(40)

    expect(world.calls).toEqual([])
    expect(world.apps.pairings).toEqual([])
    expect(upstream.requests).toHaveLength(0)
    expect(world.uses).toEqual([])
    expect(world.asked).toEqual([])
    // It all arrived, and was refused; nobody was told that another origin may read it.
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(['GET', 'POST', 'OPTIONS']))
    expect(seen.length).toBeGreaterThan(40)
    for (const { method, url, answer } of seen) {
      expect([403, 405, 501], `${method} ${url}`).toContain(answer.statusCode)
      expect(answer.getHeaderNames().filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    for (const transport of ['http', 'socket'] as const) expect(await isAnswered(world, transport)).toBe(true)
  },
  60_000,
)

it.skipIf(noBrowser !== null)(
  'a page that opens or frames Latchkey’s own page gets hold of nothing',
  async () => {
    const world = await startProxy({ page: { 'index.html': '<!doctype html><title>Own</title>' } })
    const page = await (await (await launch()).newContext()).newPage()
    await page.goto(await evilPage())
    const link = world.api.oneTimeLink()
    const opened = page.waitForEvent('popup')
    await page.evaluate((url) => void window.open(url), `http://${world.host}/`)
    const popup = await opened
    await popup.waitForLoadState()
    expect(await popup.title()).not.toBe('Own')
    await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), { src: url })
          frame.onload = resolve
          document.body.append(frame)
        }),
      link,
    )
    for (const frame of page.frames().slice(1)) expect(await frame.title()).not.toBe('Own')
  },
  60_000,
)
