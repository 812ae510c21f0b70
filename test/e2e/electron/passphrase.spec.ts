import { expect, test } from '../support/desktop-test.ts'
import { approveInWindow, expectConnected, firstRun, setPassphrase, signIn, unlock } from '../support/steps.ts'
import { keySlots } from '../support/vault-file.ts'

test('[F13] [G7] without a keyring the public key is refused and a passphrase is offered', async ({
  start,
  person,
}) => {
  const first = await start({ passwordStore: 'basic' })
  await expect(first.page.getByText(/No system keyring protects this session/)).toBeVisible()
  await setPassphrase(first.page)
  await signIn(await approveInWindow(first.app, first.page), 'Ada Lovelace')
  await expectConnected(first.page, 'practice:ada')
  await first.quit()
  expect(keySlots(person.profile).map((slot) => slot.kind)).toEqual(['passphrase'])

  const { page } = await start({ passwordStore: 'basic' })
  await unlock(page)
  await page.getByRole('link', { name: /practice:ada/ }).click()
  await expectConnected(page, 'practice:ada')
})

test('[F13] a wrong passphrase opens nothing and says so', async ({ start }) => {
  const first = await start({ passwordStore: 'basic' })
  await setPassphrase(first.page)
  await first.quit()
  const { page } = await start({ passwordStore: 'basic' })
  await page.getByLabel('Passphrase', { exact: true }).fill('not this one at all')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByText('The passphrase does not open this vault. Check it and try again.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Latchkey is locked' })).toBeVisible()
})

test('[G7] a keyring that is only claimed is found out by what it writes', async ({ start, person }) => {
  const { page } = await start({ passwordStore: 'basic', preload: ['claims-keyring.cjs'] })
  await expect(page.getByText(/No system keyring protects this session/)).toBeVisible()
  expect(keySlots(person.profile)).toEqual([])
})

test('a keyring that is gone locks the vault, says why, and changes nothing', async ({ start, person }) => {
  const first = await start()
  await expect(firstRun(first.page)).toBeVisible()
  await first.quit()
  const before = keySlots(person.profile)

  const without = await start({ passwordStore: 'basic' })
  await expect(without.page.getByRole('heading', { name: 'Latchkey is locked' })).toBeVisible()
  await expect(without.page.getByText(/No system keyring protects this session/)).toBeVisible()
  await without.quit()
  expect(keySlots(person.profile)).toEqual(before)

  const again = await start()
  await expect(firstRun(again.page)).toBeVisible()
})
