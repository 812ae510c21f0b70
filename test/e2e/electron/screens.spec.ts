import type { Page, TestInfo } from '@playwright/test'
import { expectAccessible } from '../support/accessibility.ts'
import { expect, test } from '../support/desktop-test.ts'
import {
  approveInWindow,
  expectConnected,
  firstRun,
  sendInPlayground,
  setPassphrase,
  signIn,
} from '../support/steps.ts'

/** Shows a screen in both themes: a picture of each for people, and the accessibility rules for all. */
async function show(page: Page, name: string, testInfo: TestInfo): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const file = testInfo.outputPath(`${name}-${colorScheme}.png`)
    await page.screenshot({ path: file })
    await testInfo.attach(`${name}, ${colorScheme}`, { path: file, contentType: 'image/png' })
    await expectAccessible(page, `${name}, ${colorScheme}`)
  }
}

test('the main screens, light and dark', async ({ start }, testInfo) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  await show(page, '1-first-run', testInfo)

  await page.getByRole('button', { name: 'Connect the practice account' }).click()
  await expect(page.getByRole('button', { name: 'Approve and sign in' })).toBeVisible()
  await show(page, '2-approve', testInfo)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  const window = await approveInWindow(app, page)
  await show(page, '3-waiting', testInfo)
  await signIn(window, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
  await show(page, '4-account', testInfo)
  await page.getByRole('tab', { name: 'Tokens' }).click()
  await expect(page.getByText('Fingerprint').first()).toBeVisible()
  await show(page, '5-tokens', testInfo)

  await sendInPlayground(page, 'practice:ada', '/api/me')
  await expect(page.getByText('200').first()).toBeVisible()
  await show(page, '6-playground', testInfo)

  const places = page.getByRole('navigation', { name: 'Main' })
  for (const [index, place] of ['Accounts', 'Providers', 'Apps', 'Activity', 'Settings'].entries()) {
    await places.getByRole('link', { name: place }).click()
    await expect(page.getByRole('heading', { level: 1, name: place })).toBeVisible()
    await show(page, `${7 + index}-${place.toLowerCase()}`, testInfo)
  }
})

test('the vault’s screens, light and dark', async ({ start }, testInfo) => {
  const first = await start({ passwordStore: 'basic' })
  await expect(first.page.getByRole('button', { name: 'Create the vault' })).toBeVisible()
  await show(first.page, '1-passphrase', testInfo)
  await setPassphrase(first.page)
  await first.quit()
  const { page } = await start({ passwordStore: 'basic' })
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible()
  await show(page, '2-locked', testInfo)
})
