import { type ElectronApplication, expect, type Page } from '@playwright/test'

/** What a person does, in the words that the pages show. */

export const passphrase = 'correct horse battery staple'

export async function setPassphrase(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Set a passphrase for your vault' })).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Passphrase again').fill(passphrase)
  await page.getByRole('button', { name: 'Create the vault' }).click()
  await expect(firstRun(page)).toBeVisible()
}

export async function unlock(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Latchkey is locked' })).toBeVisible()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Unlock' }).click()
}

export const firstRun = (page: Page) =>
  page.getByRole('heading', { level: 1, name: 'Connect once. Every program can use it.' })

export type Place = 'In a window of Latchkey' | 'In your browser' | 'Elsewhere, and paste the answer'

/** From the first-run page to the sign-in: the sheet says what is asked for, and the person approves. */
export async function approvePractice(page: Page, place: Place): Promise<void> {
  await page.getByRole('button', { name: 'Connect the practice account' }).click()
  const sheet = page.getByRole('dialog', { name: 'Connect Practice' })
  await sheet.getByText(place, { exact: true }).click()
  await expect(sheet.getByRole('radio', { name: place })).toBeChecked()
  await sheet.getByRole('button', { name: 'Approve and sign in' }).click()
}

/** The same in the desktop app, in its own window; gives that window's page. */
export async function approveInWindow(app: ElectronApplication, page: Page): Promise<Page> {
  const opened = app.waitForEvent('window')
  await approvePractice(page, 'In a window of Latchkey')
  const window = await opened
  await expect(window.getByRole('heading', { name: 'Choose an account' })).toBeVisible()
  return window
}

/** Signs in on the practice provider's own pages. */
export async function signIn(page: Page, name: 'Ada Lovelace' | 'Grace Hopper', answer: 'Allow' | 'Deny' = 'Allow') {
  await page.getByRole('button', { name }).click()
  await expect(page.getByRole('heading', { name: /asks for access to your practice account/ })).toBeVisible()
  const button = page.getByRole('button', { name: answer })
  // The window may be gone before the click has been reported.
  await button.click({ noWaitAfter: true }).catch((error: Error) => {
    if (!page.isClosed()) throw error
  })
}

/** The account's own page shows it connected. */
export async function expectConnected(page: Page, alias: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: alias })).toBeVisible()
  await expect(page.getByRole('main').getByText('Active', { exact: true }).first()).toBeVisible()
}

/** Sends the practice API a request in the playground and gives what is shown of the answer. */
export async function sendInPlayground(page: Page, alias: string, url: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Playground' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Playground' })).toBeVisible()
  await expect(page.getByRole('button', { name: new RegExp(alias) })).toBeVisible()
  await page.getByLabel('URL').fill(url)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}
