import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { start } from '../support/children.ts'
import { root, skipUnless, whyNoBrowser } from '../support/requirements.ts'
import { hasKeyring, keyringSession, type Session } from '../support/session-keyring.ts'
import { firstRun, passphrase, unlock } from '../support/steps.ts'
import { launchBrowser, openIn } from '../support/system-browser.ts'

/** A profile under a real gnome-keyring, with a passphrase as a second way in. */
interface Place {
  session: Session
  /** Starts the host anew and opens its page. */
  open(): Promise<Page>
}

const test = base.extend<{ place: Place }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  place: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-keyring-'))
    const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
    const session = await keyringSession(folder, (end) => ends.push(end))
    await session.start()
    const browser = await launchBrowser()
    ends.push(() => browser.close())
    const env = { ...session.env, LATCHKEY_HOME: path.join(folder, 'profile') }
    let host = { stop: async () => {} }
    ends.push(() => host.stop())
    const open = async () => {
      await host.stop()
      const child = start(process.execPath, [path.join(root, 'dist/headless.js')], { env })
      host = child
      const [link] = await child.says(/http:\/\/127\.0\.0\.1:\d+\/\S*#link=\S+/)
      return openIn(browser, link)
    }
    const first = await open()
    await expect(firstRun(first)).toBeVisible()
    await addPassphrase(first)
    await use({ session, open })
    for (const end of ends.reverse()) await end()
  },
})

test.beforeEach(() => {
  skipUnless(test, whyNoBrowser() ?? (hasKeyring ? null : 'There is no gnome-keyring here.'))
})

async function addPassphrase(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Manage the vault' }).click()
  await page.getByRole('button', { name: /Add a passphrase/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New passphrase', { exact: true }).fill(passphrase)
  await dialog.getByLabel('New passphrase again').fill(passphrase)
  await dialog.getByRole('button', { name: /^Add/ }).click()
  await expect(dialog).toBeHidden()
}

/** What the person sees, kept with the test's output; then the passphrase opens the vault. */
async function seesAndRecovers(page: Page, name: string, says: RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Latchkey is locked' })).toBeVisible()
  await expect(page.getByText(says).first()).toBeVisible()
  await test.info().attach(name, { body: await page.screenshot(), contentType: 'image/png' })
  await unlock(page)
  await expect(firstRun(page)).toBeVisible()
}

test('[F13] a keyring that is stopped: the page says so, and the passphrase opens the vault', async ({ place }) => {
  await place.session.stop()
  await seesAndRecovers(await place.open(), 'keyring stopped', /No keyring runs in this session/)
})

test('[F13] a keyring that is locked: the page says so, and the passphrase opens the vault', async ({ place }) => {
  await place.session.stop()
  await place.session.start('locked')
  await seesAndRecovers(await place.open(), 'keyring locked', /The keyring is locked, and nothing here can ask/)
})

test('[F13] a keyring that lost its entry: the page says so, and the passphrase opens the vault', async ({ place }) => {
  await place.session.stop()
  place.session.reset()
  await place.session.start()
  await seesAndRecovers(await place.open(), 'entry removed', /the key of this vault is no longer in it/)
})

test('[F13] a keyring that stops while Latchkey runs: nothing is lost, and after a lock the passphrase opens the vault', async ({
  place,
}) => {
  const page = await place.open()
  await expect(firstRun(page)).toBeVisible()
  await place.session.stop()
  await page.reload()
  await expect(firstRun(page)).toBeVisible()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Lock now' }).click()
  await expect(page.getByRole('heading', { name: 'Latchkey is locked' })).toBeVisible()
  await test.info().attach('keyring stopped while running', { body: await page.screenshot(), contentType: 'image/png' })
  await page.getByRole('button', { name: 'Open with the key store' }).click()
  await expect(page.getByText(/No keyring runs in this session/).first()).toBeVisible()
  await unlock(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})
