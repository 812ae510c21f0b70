import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import { expectAccessible } from '../support/accessibility.ts'
import { start } from '../support/children.ts'
import { test as headlessTest } from '../support/headless-test.ts'
import { root, skipUnless, whyNoBrowser } from '../support/requirements.ts'
import {
  approvePractice,
  expectConnected,
  firstRun,
  passphrase,
  setPassphrase,
  signIn,
  unlock,
} from '../support/steps.ts'
import { openIn } from '../support/system-browser.ts'

const test = headlessTest.extend<{ page: Page }>({
  /** The page with a vault that has a passphrase. */
  page: async ({ host, outside }, use) => {
    const page = await openIn(outside, host.link)
    await setPassphrase(page)
    await use(page)
  },
})

test.beforeEach(() => skipUnless(test, whyNoBrowser()))

const another = 'another four plain words'
const filePassphrase = 'only for this file'

/** A part of the page, by its title. */
const part = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true })

async function openVault(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Manage the vault' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Vault' })).toBeVisible()
}

test('[G7] [F15] what protects the vault, a new passphrase and data key, and a backup that opens as it did', async ({
  page,
}) => {
  await openVault(page)
  await expect(page.getByRole('main').getByText('Only your passphrase opens the vault.')).toBeVisible()
  await expect(part(page, 'Ways in').getByText('The only way in cannot be removed.')).toBeVisible()
  await expectAccessible(page, 'the vault')

  const backups = part(page, 'Backups')
  await backups.getByRole('button', { name: 'Back up now' }).click()
  await expect(backups.getByRole('listitem')).toHaveCount(1)

  await page.getByRole('button', { name: 'Change the passphrase' }).click()
  const change = page.getByRole('dialog', { name: 'Change the passphrase' })
  await change.getByLabel('Current passphrase').fill('not the passphrase')
  await change.getByLabel('New passphrase', { exact: true }).fill(another)
  await change.getByLabel('New passphrase again').fill(another)
  await page.keyboard.press('Enter')
  await expect(change.getByText(/does not open this vault|wrong/i)).toBeVisible()
  await expectAccessible(page, 'the new passphrase')
  await change.getByLabel('Current passphrase').fill(passphrase)
  // After a wrong one the next try has to wait for a second.
  await expect(async () => {
    // While it is busy, or gone, nothing can be pressed.
    const again = change.getByRole('button', { name: 'Change the passphrase' })
    await again.click({ timeout: 500 }).catch(() => undefined)
    await expect(change).toBeHidden({ timeout: 5000 })
  }).toPass()

  await part(page, 'Data key').getByRole('button', { name: 'Rotate the data key…' }).click()
  const rotate = page.getByRole('dialog', { name: 'Rotate the data key?' })
  await rotate.getByLabel('Passphrase', { exact: true }).fill(another)
  await page.keyboard.press('Enter')
  await expect(rotate).toBeHidden()
  await expect(part(page, 'Data key').getByText('Version 2')).toBeVisible()

  // As it was: with the passphrase and the key of that time.
  await backups.getByRole('button', { name: /^Restore the backup of/ }).click()
  const ask = page.getByRole('alertdialog', { name: 'Restore this backup?' })
  await expect(ask.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await ask.getByRole('button', { name: 'Restore' }).click()
  await unlock(page)
  await expect(part(page, 'Data key').getByText('Version 1')).toBeVisible()
  await expect(backups.getByRole('listitem')).toHaveCount(2)
})

test('[E2] a change asks for the passphrase once, and goes on where it was', async ({ page }) => {
  await openVault(page)
  await part(page, 'Changes ask for the passphrase').getByRole('button', { name: 'Turn on…' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.keyboard.press('Enter')
  await expect(part(page, 'Changes ask for the passphrase').getByText('On', { exact: true })).toBeVisible()

  await page.getByRole('link', { name: 'Settings' }).first().click()
  const egress = part(page, 'Where providers may be')
  const save = egress.getByRole('button', { name: 'Save' })
  await egress.getByText('Only these hosts', { exact: true }).click()
  await egress.getByRole('textbox').fill('provider.example')
  await save.click()
  const question = page.getByRole('dialog', { name: 'Enter the passphrase to change this' })
  await expect(question.getByLabel('Passphrase', { exact: true })).toBeFocused()
  await expectAccessible(page, 'the question for the passphrase')
  await page.keyboard.press('Escape')
  await expect(egress.getByText('Changes to providers and registrations ask for the passphrase here.')).toBeVisible()

  await save.click()
  await question.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(egress.getByRole('textbox')).toHaveValue(/provider\.example/)
})

test('[F15] an export opens with its passphrase alone and says what is in it; the check-up says how it is', async ({
  page,
}) => {
  await approvePractice(page, 'In your browser')
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: /Open the sign-in page/ }).click()
  await signIn(await opened, 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')

  await openVault(page)
  await part(page, 'Export and import').getByRole('button', { name: 'Export…' }).click()
  await page.getByRole('radio', { name: 'Chosen accounts' }).click()
  await page.getByRole('dialog').getByText('practice:ada', { exact: true }).click()
  await expect(page.getByRole('checkbox', { name: 'practice:ada' })).toBeChecked()
  await page.getByLabel('Passphrase for the file', { exact: true }).fill(filePassphrase)
  await page.getByLabel('Passphrase for the file again').fill(filePassphrase)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByText(/belongs to the practice provider of this profile/)).toBeVisible()
  await page.getByRole('radio', { name: 'Everything' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click()
  const file = await (await saving).path()
  expect(readFileSync(file).includes('ada'), 'nothing of it can be read').toBe(false)

  await part(page, 'Export and import').getByRole('button', { name: 'Import…' }).click()
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText('Keep what is here', { exact: true }).click()
  await page.getByLabel('Passphrase of the file').fill('not this one')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/cannot be opened: .*passphrase is wrong/)).toBeVisible()
  await page.getByLabel('Passphrase of the file').fill(filePassphrase)
  await page.keyboard.press('Enter')
  const report = page.getByRole('dialog', { name: 'What was imported' })
  await expect(report.getByText('The file holds no account.')).toBeVisible()
  await report.getByRole('button', { name: 'Done' }).click()

  const doctor = part(page, 'Check-up')
  await doctor.getByRole('button', { name: 'Run the checks' }).click()
  await expect(doctor.getByRole('listitem').filter({ hasText: /^Vault/ })).toBeVisible({ timeout: 60_000 })
  await expect(doctor.getByRole('button', { name: 'Copy as text' })).toBeEnabled()
  await expectAccessible(page, 'the check-up')
})

test('a vault in memory says so everywhere', async ({ person, outside }) => {
  const host = start(process.execPath, [path.join(root, 'dist/headless.js'), '--memory'], { env: person.env })
  try {
    const [link] = await host.says(/http:\/\/127\.0\.0\.1:\d+\/\S*#link=\S+/)
    const page = await openIn(outside, link)
    await expect(firstRun(page)).toBeVisible()
    await expect(page.getByRole('complementary', { name: 'In memory only' })).toBeVisible()
    await openVault(page)
    await expect(page.getByRole('complementary', { name: 'In memory only' })).toBeVisible()
    await expect(part(page, 'Ways in')).toHaveCount(0)
    await expectAccessible(page, 'a vault in memory')
  } finally {
    await host.stop()
  }
})
