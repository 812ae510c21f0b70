import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, test as base, expect } from '@playwright/test'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'
import { skipUnless, whyNoBrowser } from '../support/requirements.ts'
import { launchBrowser } from '../support/system-browser.ts'

const test = base.extend<{ outside: Browser; provider: (page: (redirectUri: string) => string) => Promise<string> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  outside: async ({}, use) => {
    const browser = await launchBrowser()
    await use(browser)
    await browser.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  provider: async ({}, use) => {
    let page = ''
    const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    await use(async (make) => {
      page = make(listener?.redirectUri ?? '')
      return origin
    })
    server.closeAllConnections()
    server.close()
  },
})

let listener: Awaited<ReturnType<ReturnType<typeof loopbackRedirects>['listen']>> | null = null
test.beforeEach(() => skipUnless(test, whyNoBrowser()))
test.afterEach(() => listener?.close())

async function listen(mode: 'fragment' | 'form_post') {
  const accept = (url: URL) => new URLSearchParams(url.hash.slice(1) || url.search).get('state') === 'the-state'
  listener = await loopbackRedirects().listen({ providerId: 'test', host: '127.0.0.1', port: null, mode, accept })
  return listener
}

const noLimit = new AbortController().signal

test('[D4] a browser hands over the answer in the fragment, and does not keep it', async ({ outside, provider }) => {
  const { answer, redirectUri } = await listen('fragment')
  const origin = await provider((to) => `<a href="${to}#code=the-code&amp;state=the-state">Allow</a>`)
  const page = await outside.newPage()
  await page.goto(origin)
  await page.getByText('Allow').click()
  await expect(page.getByText('You can close this page')).toBeVisible()
  expect((await answer(noLimit)).href).toBe(`${redirectUri}#code=the-code&state=the-state`)
  expect(page.url()).toBe(redirectUri)
})

test('[D4] a browser posts the form of a provider', async ({ outside, provider }) => {
  const { answer, redirectUri } = await listen('form_post')
  const origin = await provider(
    (to) => `<form method="post" action="${to}"><input type="hidden" name="code" value="the-code">
      <input type="hidden" name="state" value="the-state"><button>Allow</button></form>`,
  )
  const page = await outside.newPage()
  await page.goto(origin)
  await page.getByText('Allow').click()
  await expect(page.getByText('You can close this page')).toBeVisible()
  expect((await answer(noLimit)).href).toBe(`${redirectUri}?code=the-code&state=the-state`)
})
