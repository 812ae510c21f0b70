import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { expectAccessible } from '../support/accessibility.ts'
import { test as headlessTest } from '../support/headless-test.ts'
import { localApi } from '../support/local-api.ts'
import { skipUnless, whyNoBrowser } from '../support/requirements.ts'
import { approvePractice, expectConnected, setPassphrase, signIn } from '../support/steps.ts'
import { openIn } from '../support/system-browser.ts'

const test = headlessTest.extend<{ page: Page }>({
  /** The page with practice:ada connected. */
  page: async ({ host, outside }, use) => {
    const page = await openIn(outside, host.link)
    await setPassphrase(page)
    await approvePractice(page, 'In your browser')
    const opened = page.context().waitForEvent('page')
    await page.getByRole('link', { name: /Open the sign-in page/ }).click()
    await signIn(await opened, 'Ada Lovelace')
    await expectConnected(page, 'practice:ada')
    await use(page)
  },
})

test.beforeEach(() => skipUnless(test, whyNoBrowser()))

interface Answer {
  status: number
  body: Record<string, unknown> & { error?: { code: string; action?: { url?: string } } }
}

/** A program on this computer: it knows the API's address, and after a pairing a key of its own. */
function program(http: string) {
  let key: string | null = null
  async function call(method: string, where: string, body?: unknown, bearer = key): Promise<Answer> {
    const response = await fetch(new URL(where, http), {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
  return {
    async ask(input: { name: string; purpose: string; wants?: unknown[] }) {
      const { body } = await call('POST', '/v1/pair', input)
      return { id: String(body.id), code: String(body.code), secret: String(body.secret) }
    },
    /** Looks until the person has answered; keeps the key that it is given. */
    async collect({ id, secret }: { id: string; secret: string }): Promise<string> {
      await expect
        .poll(async () => {
          const { body } = await call('GET', `/v1/pair/${id}`, undefined, secret)
          if (typeof body.key === 'string') key = body.key
          return body.state
        })
        .not.toBe('waiting')
      return key ?? ''
    },
    request: (account: string, request: { method: string; url: string; body?: string }) =>
      call('POST', `/v1/accounts/${encodeURIComponent(account)}/request`, request),
    token: (account: string) => call('POST', `/v1/accounts/${encodeURIComponent(account)}/token`, {}),
  }
}

const goTo = (page: Page, place: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()

test('[F11] [E17] [G3] [G4] [F14] pair, approve less than asked, use, be refused, be asked, revoke', async ({
  person,
  page,
}) => {
  const main = page.getByRole('main')
  const app = program(localApi(person.profile).http)
  await goTo(page, 'Apps')
  await expect(main.getByText('No app is paired yet')).toBeVisible()
  await expectAccessible(page, 'no apps')

  // Somewhere else, so that the page has to say it.
  await goTo(page, 'Providers')
  const pairing = await app.ask({
    name: 'Mail sync',
    purpose: 'Keeps a copy of your mail.',
    wants: [{ account: 'practice:ada', rights: ['see', 'request', 'token'] }],
  })
  await page.getByRole('status').getByRole('link', { name: 'Look at it' }).click()
  const sheet = page.getByRole('dialog', { name: 'Pair Mail sync?' })
  await expect(sheet.getByText(pairing.code)).toBeVisible()
  await expect(sheet.getByRole('button', { name: 'Approve' })).not.toBeFocused()
  await expect(sheet.getByRole('switch', { name: /Get its access token/ })).not.toBeChecked()
  await expect(sheet.getByText(/^.?Mail sync.? may send any request to every allowed host/)).toBeVisible()

  // Narrowed: reading, below one path.
  await sheet.getByRole('radio', { name: 'Reading alone' }).click()
  await sheet.getByLabel(/^Path/).fill('/api/me')
  await expect(sheet.getByText(/may read \(GET, HEAD\) from every allowed host below \/api\/me/)).toBeVisible()
  await expectAccessible(page, 'the approve sheet')
  // A stray Enter grants nothing.
  await page.keyboard.press('Enter')
  await expect(sheet).toBeVisible()
  await sheet.getByRole('button', { name: 'Approve' }).focus()
  await page.keyboard.press('Enter')
  await expect(sheet).toBeHidden()
  expect(await app.collect(pairing)).toMatch(/^lkapp_/)
  await goTo(page, 'Apps')
  await expect(main.getByRole('link', { name: /Mail sync/ })).toBeVisible()
  await expectAccessible(page, 'the apps')

  const used = await app.request('practice:ada', { method: 'GET', url: '/api/me' })
  expect([used.status, used.body.status]).toEqual([200, 200])
  const tooMuch = await app.request('practice:ada', { method: 'POST', url: '/api/echo', body: 'x' })
  expect([tooMuch.status, tooMuch.body.error?.code]).toEqual([403, 'forbidden'])
  expect((await app.token('practice:ada')).body.error?.code).toBe('forbidden')

  // The first use beyond what is granted asks, once however often it is tried.
  await app.request('practice:ada', { method: 'POST', url: '/api/echo', body: 'x' })
  await goTo(page, 'Accounts')
  await expect(main.getByRole('heading', { name: /Asks for access/ })).toBeVisible()
  await main.getByRole('link', { name: 'Look at it: Mail sync' }).first().click()
  const more = page.getByRole('dialog', { name: 'Grant Mail sync more?' })
  await expect(more.getByText(/POST/).first()).toBeVisible()
  await more.getByRole('button', { name: 'Deny' }).click()
  await expect(more).toBeHidden()
  expect((await app.request('practice:ada', { method: 'POST', url: '/api/echo', body: 'x' })).status).toBe(403)

  // Who used the account for what; who would notice.
  await goTo(page, 'Accounts')
  await main.getByRole('link', { name: /practice:ada/ }).click()
  await page.getByRole('tab', { name: 'Used by' }).click()
  await expect(page.getByRole('tabpanel').getByRole('link', { name: 'Mail sync' }).first()).toBeVisible()
  await expect(page.getByRole('tabpanel').getByText(/GET 127\.0\.0\.1:\d+\/api\/me/)).toBeVisible()
  await expectAccessible(page, 'who uses the account')
  await main.locator('button[aria-haspopup]').first().click()
  await page.getByRole('menuitem', { name: /Remove/ }).click()
  await expect(page.getByRole('alertdialog').getByText(/Used in the last 30 days by .?Mail sync/)).toBeVisible()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()

  await goTo(page, 'Apps')
  await expect(main.getByRole('heading', { level: 1, name: 'Apps' })).toBeVisible()
  await main.getByRole('link', { name: /Mail sync/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Mail sync' })).toBeVisible()
  await expectAccessible(page, 'an app')
  await main.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(main.getByText('No app is paired yet')).toBeVisible()
  expect((await app.request('practice:ada', { method: 'GET', url: '/api/me' })).status).toBe(401)
})

test('[F14] the activity is narrowed by the host and saved as a file', async ({ person, page }) => {
  const main = page.getByRole('main')
  const owner = localApi(person.profile)
  for (const url of ['/api/me', '/api/echo']) {
    await owner.call('POST', '/v1/accounts/practice:ada/request', { method: 'GET', url })
  }
  await goTo(page, 'Activity')
  await expect(main.getByText(/\/api\/echo/).first()).toBeVisible()
  await main.getByRole('searchbox', { name: 'Search activity' }).fill('/api/me')
  await expect(main.getByText(/\/api\/echo/)).toHaveCount(0)
  await expect(main.getByText(/\/api\/me/).first()).toBeVisible()
  await expectAccessible(page, 'the activity')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    main.getByRole('button', { name: 'Export' }).click(),
  ])
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { detail: { path?: string } }).detail.path)).toEqual(['/api/me'])
})
