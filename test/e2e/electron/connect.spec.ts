import { expect, test } from '../support/desktop-test.ts'
import {
  approveInWindow,
  approvePractice,
  expectConnected,
  firstRun,
  sendInPlayground,
  signIn,
} from '../support/steps.ts'
import { openIn, systemBrowser } from '../support/system-browser.ts'
import { keySlots } from '../support/vault-file.ts'

test('[A4] [A5] [C1] a first start, the sign-in window, and the account is active', async ({ start }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const provider = await approveInWindow(app, page)
  await expect
    .poll(() => titles(app), { message: 'the title bar says where the person is' })
    .toContainEqual(expect.stringMatching(/^Sign in · http:\/\/127\.0\.0\.1:\d+ \(on this computer\)$/))
  await signIn(provider, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
  await expect.poll(() => app.windows().length).toBe(1)
})

test('[E4] [D10] no sign-in opens before the person has approved what is asked for', async ({ start }) => {
  const { app, page } = await start()
  await page.getByRole('button', { name: 'Connect the practice account' }).click()
  const sheet = page.getByRole('dialog', { name: 'Connect Practice' })
  await expect(sheet.getByRole('button', { name: 'Approve and sign in' })).toBeVisible()
  await expect(sheet.getByText('See the email address')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  expect(app.windows()).toHaveLength(1)
  await signIn(await approveInWindow(app, page), 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
})

test('the sign-in window has nothing of Latchkey in it, and leaves nothing behind', async ({ start }) => {
  const { app, page } = await start()
  const provider = await approveInWindow(app, page)
  const seen = await provider.evaluate(() => ({
    bridge: 'latchkey' in window,
    node: 'require' in window || 'process' in window,
    opened: window.open('https://example.com/') !== null,
  }))
  expect(seen).toEqual({ bridge: false, node: false, opened: false })
  const signInContents = await app.evaluate(({ webContents, session }) =>
    webContents
      .getAllWebContents()
      .filter((contents) => contents.session !== session.defaultSession)
      .map((contents) => ({ persistent: contents.session.isPersistent(), path: contents.session.getStoragePath() })),
  )
  expect(signInContents).toEqual([{ persistent: false, path: null }])
  await signIn(provider, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
})

test('[A4] [A5] the system browser, and the account is active', async ({ start, person, outside }) => {
  const browser = systemBrowser(person)
  const { page } = await start()
  await approvePractice(page, 'In your browser')
  const provider = await openIn(outside, await browser.nextUrl())
  await signIn(provider, 'Grace Hopper')
  await expect(provider.getByText(/you can close this/i)).toBeVisible()
  await expectConnected(page, 'practice:grace')
})

test('[E20] a restart keeps the account, under the keyring’s own key', async ({ start, person }) => {
  const first = await start()
  await signIn(await approveInWindow(first.app, first.page), 'Ada Lovelace')
  await expectConnected(first.page, 'practice:ada')
  await first.quit()

  const slots = keySlots(person.profile)
  expect(slots.map((slot) => slot.kind)).toEqual(['safe-storage'])
  expect(slots[0]?.wrapped.subarray(0, 3).toString()).toBe('v11')

  const { page } = await start()
  await page.getByRole('link', { name: /practice:ada/ }).click()
  await expectConnected(page, 'practice:ada')
  await sendInPlayground(page, 'practice:ada', '/api/me')
  await expect(page.getByText('200').first()).toBeVisible()
  await expect(page.getByText('Ada Lovelace').first()).toBeVisible()
})

test('closing the sign-in window ends the sign-in at once, in plain words', async ({ start }) => {
  const { app, page } = await start()
  await approveInWindow(app, page)
  const closedAt = Date.now()
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Sign in'))
      ?.close()
  })
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('Cancelled', { exact: true })).toBeVisible()
  expect(Date.now() - closedAt).toBeLessThan(2_000)
  await expect(sheet.getByRole('alert')).toContainText('The sign-in window was closed before the sign-in was finished.')

  // And it can be tried again from there.
  const opened = app.waitForEvent('window')
  await sheet.getByRole('button', { name: 'Try again' }).click()
  await signIn(await opened, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
})

test('cancelling in Latchkey closes the sign-in window', async ({ start }) => {
  const { app, page } = await start()
  await approveInWindow(app, page)
  await page.getByRole('button', { name: 'Cancel sign-in' }).click()
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('The sign-in was cancelled.')
  await expect.poll(() => app.windows().length).toBe(1)
})

test('saying no at the provider is told as that', async ({ start }) => {
  const { app, page } = await start()
  await signIn(await approveInWindow(app, page), 'Ada Lovelace', 'Deny')
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('That did not work')).toBeVisible()
  await expect(sheet.getByRole('alert')).toContainText('Access was declined at Practice provider.')
  await expect.poll(() => app.windows().length).toBe(1)
})

function titles(app: Parameters<typeof approveInWindow>[0]): Promise<string[]> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()))
}
