import { appendFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import type { KeyGuard } from '../../../electron/vault/ports.ts'
import { findInFiles, findInHeap, findInText, type Secrets } from '../support/canary.ts'
import type { Desktop } from '../support/desktop.ts'
import { expect, test } from '../support/desktop-test.ts'
import { localApi } from '../support/local-api.ts'
import {
  approveInWindow,
  expectConnected,
  passphrase,
  sendInPlayground,
  setPassphrase,
  signIn,
} from '../support/steps.ts'
import { keySlots, readTokens } from '../support/vault-file.ts'

/** Connects, signs a request, refreshes, signs again; gives every secret that there was on the way. */
async function useEverything(
  { app, page }: Desktop,
  profile: string,
  guard: () => Promise<KeyGuard>,
): Promise<Secrets> {
  await signIn(await approveInWindow(app, page), 'Ada Lovelace')
  await expectConnected(page, 'practice:ada')
  const api = localApi(profile)
  const first = await readTokens(profile, await guard())
  await sendInPlayground(page, 'practice:ada', '/api/echo')
  await expect(page.getByText('200').first()).toBeVisible()
  await api.call('POST', '/v1/accounts/practice:ada/refresh')
  const second = await readTokens(profile, await guard())
  expect(second.refreshToken).not.toBe(first.refreshToken)
  const handedOut = await api.call<{ access_token: string }>('POST', '/v1/accounts/practice:ada/token', {})
  expect(handedOut.access_token).toBe(second.accessToken)
  await sendInPlayground(page, 'practice:ada', '/api/me')
  await expect(page.getByText('200').first()).toBeVisible()
  return {
    'first access token': first.accessToken,
    'first refresh token': first.refreshToken ?? '',
    'first ID token': first.idToken ?? '',
    'second access token': second.accessToken,
    'second refresh token': second.refreshToken ?? '',
    'owner key': api.ownerKey,
  }
}

/** The search has to be able to find: it is shown a canary in the page's memory and in files first. */
async function expectSearchWorks({ page }: Desktop, profile: string): Promise<void> {
  const canary = `canary-${crypto.randomUUID()}`
  await page.evaluate((text) => {
    Object.assign(window, { planted: { text: `${text}` } })
  }, canary)
  expect(await findInHeap(page, { canary })).toEqual(['canary'])
  await page.evaluate(() => {
    Reflect.deleteProperty(window, 'planted')
  })
  for (const encoding of ['utf8', 'utf16le', 'base64', 'hex'] as const) {
    const file = path.join(profile, 'electron', `planted-${encoding}`)
    const text = `before ${canary} after`
    appendFileSync(file, encoding === 'utf16le' ? Buffer.from(text, 'utf16le') : Buffer.from(text).toString(encoding))
    expect(findInFiles(profile, { canary })).toEqual([`electron/planted-${encoding}: canary`])
    rmSync(file)
  }
}

async function expectNoSecret(desktop: Desktop, profile: string, secrets: Secrets): Promise<void> {
  expect(Object.values(secrets).every((secret) => secret.length >= 20)).toBe(true)
  await expectSearchWorks(desktop, profile)
  expect(await findInHeap(desktop.page, secrets)).toEqual([])
  await desktop.quit()
  const allowed = { 'owner.key': 'owner key' }
  expect(findInFiles(profile, secrets)).toEqual(['owner.key: owner key'])
  expect(findInFiles(profile, secrets, allowed)).toEqual([])
  expect(findInText(desktop.output(), secrets)).toEqual([])
}

test('[F14] no secret in any file, log or page memory, under the keyring', async ({ start, person }) => {
  const desktop = await start()
  let dataKey = ''
  // The keyring opens the slot for the app alone, so the test asks inside of it.
  const guard = async (): Promise<KeyGuard> => {
    const wrapped = keySlots(person.profile)[0]?.wrapped.toString('base64') ?? ''
    dataKey = await desktop.app.evaluate(
      async ({ safeStorage }, slot) => (await safeStorage.decryptStringAsync(Buffer.from(slot, 'base64'))).result,
      wrapped,
    )
    return {
      kind: 'safe-storage',
      wrap: () => Promise.reject(new Error('never')),
      unwrap: async () => ({ dataKey: new Uint8Array(Buffer.from(dataKey, 'base64')), rewrap: false }),
    }
  }
  const secrets = await useEverything(desktop, person.profile, guard)
  await expectNoSecret(desktop, person.profile, { ...secrets, 'data key': dataKey })
})

test('[F14] no secret in any file, log or page memory, under a passphrase', async ({ start, person }) => {
  const desktop = await start({ passwordStore: 'basic' })
  await setPassphrase(desktop.page)
  const secrets = await useEverything(desktop, person.profile, async () => passphraseGuard(passphrase))
  await expectNoSecret(desktop, person.profile, { ...secrets, passphrase })
})
