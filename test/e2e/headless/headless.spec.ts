import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Browser, test as base, expect, type Page } from '@playwright/test'
import { expectAccessible } from '../support/accessibility.ts'
import { type Headless, startHeadless } from '../support/headless.ts'
import { localApi } from '../support/local-api.ts'
import { newPerson, type Person } from '../support/person.ts'
import { skipUnless, whyNoBrowser } from '../support/requirements.ts'
import {
  approvePractice,
  expectConnected,
  firstRun,
  passphrase,
  sendInPlayground,
  setPassphrase,
  signIn,
  unlock,
} from '../support/steps.ts'
import { launchBrowser, openIn } from '../support/system-browser.ts'

const test = base.extend<{
  person: Person
  serve: (env?: NodeJS.ProcessEnv) => Promise<Headless>
  outside: Browser
}>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  person: async ({}, use) => {
    const person = newPerson()
    await use(person)
    person.remove()
  },
  serve: async ({ person }, use) => {
    const hosts: Headless[] = []
    await use(async (env) => {
      const host = await startHeadless(person, env)
      hosts.push(host)
      return host
    })
    for (const host of hosts) await host.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  outside: async ({}, use) => {
    const browser = await launchBrowser()
    await use(browser)
    await browser.close()
  },
})

test.beforeEach(() => skipUnless(test, whyNoBrowser()))

/** The sign-in page opens in a tab of the same browser, as the link in the page says. */
async function openSignIn(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: /Open the sign-in page/ }).click()
  return await opened
}

/**
 * A browser that cannot reach this computer's loopback, as one on another device: it goes to the provider alone. Gives
 * the address that it was sent to in the end. (Playwright's routes do not see redirects; the protocol below does.)
 */
async function keepToProvider(page: Page, provider: string): Promise<{ address: Promise<string> }> {
  const session = await page.context().newCDPSession(page)
  const address = new Promise<string>((resolve) => {
    session.on('Fetch.requestPaused', ({ requestId, request }) => {
      if (new URL(request.url).origin === provider) return void session.send('Fetch.continueRequest', { requestId })
      void session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' })
      if (new URL(request.url).searchParams.has('code')) resolve(request.url)
    })
  })
  await session.send('Fetch.enable')
  return { address }
}

test('[F13] [A4] [A5] a passphrase in the page, a sign-in in the browser, and the account is active', async ({
  serve,
  outside,
}) => {
  const host = await serve()
  const page = await openIn(outside, host.link)
  expect(page.url(), 'the link’s secret is out of the address bar').not.toContain('link=')
  await expect(page.getByRole('button', { name: 'Create the vault' })).toBeVisible()
  await expectAccessible(page, 'the first screen')
  await setPassphrase(page)
  await expectAccessible(page, 'first run')
  await approvePractice(page, 'In your browser')
  const provider = await openSignIn(page)
  await expect(provider.getByRole('heading', { name: 'Choose an account' })).toBeVisible()
  await expectAccessible(provider, 'the practice provider’s sign-in page')
  await signIn(provider, 'Ada Lovelace')
  await expect(provider.getByText(/close this/i)).toBeVisible()
  await expectConnected(page, 'practice:ada')
  await expectAccessible(page, 'the account')
  await sendInPlayground(page, 'practice:ada', '/api/me')
  await expect(page.getByText('Ada Lovelace').first()).toBeVisible()
})

test('an answer can be pasted from another device', async ({ serve, outside }) => {
  const host = await serve()
  const page = await openIn(outside, host.link)
  await setPassphrase(page)
  await approvePractice(page, 'Elsewhere, and paste the answer')
  const href = await page.getByRole('link', { name: /Open the sign-in page/ }).getAttribute('href')
  const elsewhere = await (await outside.newContext()).newPage()
  const sentTo = await keepToProvider(elsewhere, new URL(href ?? '').origin)
  await elsewhere.goto(href ?? '')
  await signIn(elsewhere, 'Grace Hopper')
  await page.getByLabel('Answer address').fill(await sentTo.address)
  await page.getByRole('button', { name: 'Use this address' }).click()
  await expectConnected(page, 'practice:grace')
})

test('[F13] a passphrase file opens the vault; a restart asks nothing and keeps the account', async ({
  serve,
  outside,
  person,
}) => {
  const file = path.join(person.folder, 'passphrase')
  writeFileSync(file, `${passphrase}\n`, { mode: 0o600 })
  const first = await serve({ LATCHKEY_PASSPHRASE_FILE: file })
  const page = await openIn(outside, first.link)
  await expect(firstRun(page)).toBeVisible()
  await approvePractice(page, 'In your browser')
  await signIn(await openSignIn(page), 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
  await first.stop()

  await serve({ LATCHKEY_PASSPHRASE_FILE: file })
  const accounts = await localApi(person.profile).call<{ alias: string }[]>('GET', '/v1/accounts')
  expect(accounts).toMatchObject([{ alias: 'practice:ada' }])
})

test('[F13] a restart without the passphrase is locked, and the page unlocks it', async ({ serve, outside }) => {
  const first = await serve()
  await setPassphrase(await openIn(outside, first.link))
  await first.stop()
  const second = await serve()
  const page = await openIn(outside, second.link)
  await unlock(page)
  await expect(firstRun(page)).toBeVisible()
})

test('a link works once: the second browser that opens it is not let in', async ({ serve, outside }) => {
  const host = await serve()
  const page = await openIn(outside, host.link)
  await expect(page.getByRole('button', { name: 'Create the vault' })).toBeVisible()
  const second = await openIn(outside, host.link)
  await expect(second.getByRole('heading', { name: 'Open the one-time link' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create the vault' })).toBeVisible()
})

test('[A1] [D2] [D6] [E14] [E15] own provider, check, disable and enable, and a signed webhook, all in the page', async ({
  serve,
  outside,
}) => {
  const host = await serve()
  const page = await openIn(outside, host.link)
  const main = page.getByRole('main')
  const goTo = (place: string) =>
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()
  await setPassphrase(page)
  await approvePractice(page, 'In your browser')
  const provider = await openSignIn(page)
  const issuer = new URL(provider.url()).origin
  await signIn(provider, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')

  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(main.getByText(/The token is good/).first()).toBeVisible()
  await main.locator('button[aria-haspopup]').first().click()
  await page.getByRole('menuitem', { name: /Disable/ }).click()
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await expect(dialog.getByText('Tokens are kept. Enabling brings everything back as it was.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await expect(main.getByText('Disabled', { exact: true }).first()).toBeVisible()
  await main
    .getByRole('button', { name: /^Enable/ })
    .first()
    .click()
  await expect(main.getByText('Active', { exact: true }).first()).toBeVisible()

  await goTo('Providers')
  await main.getByText('New provider').click()
  await page.getByRole('textbox', { name: 'Issuer' }).fill(issuer)
  await page.getByText('It is inside a private network').click()
  await page.getByRole('button', { name: 'Fill the form' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('My server')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'My server' })).toBeVisible()
  await expectAccessible(page, 'a provider of one’s own')

  await goTo('Webhooks')
  await main.getByRole('button', { name: 'New endpoint' }).click()
  const secret = 'the secret of a trial'
  await page.getByRole('dialog').getByLabel('Secret').first().fill(secret)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  const url = await main.getByText(/^http:\/\/127\.0\.0\.1:\d+\/hooks\//).innerText()
  const body = JSON.stringify({ action: 'opened' })
  const deliver = (signature: string) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-hub-signature-256': signature },
    })
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  expect((await deliver(signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(401)
  expect((await deliver(signature)).status).toBe(200)
  await expect(main.getByText('1 accepted · 1 refused')).toBeVisible()
  await expect(main.getByText(/issues\.opened/).first()).toBeVisible()
  await expectAccessible(page, 'a webhook endpoint')
})
