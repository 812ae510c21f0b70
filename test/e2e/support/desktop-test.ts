import { type Browser, test as base, expect } from '@playwright/test'
import { type Desktop, type PasswordStore, startDesktop } from './desktop.ts'
import { startKeyring } from './keyring.ts'
import { newPerson, type Person } from './person.ts'
import { skipUnless, whyNoDesktop } from './requirements.ts'
import { launchBrowser } from './system-browser.ts'

interface Fixtures {
  /** Their own folders, and an empty profile. */
  person: Person
  /** Starts the desktop app for that person; a real keyring is there unless the password store is `basic`. */
  start: (options?: { passwordStore?: PasswordStore; preload?: string[] }) => Promise<Desktop>
  /** A real browser, apart from Electron. */
  outside: Browser
}

/** A test of the desktop app. Everything it started is ended when it ends. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  person: async ({}, use) => {
    const person = newPerson()
    await use(person)
    person.remove()
  },
  start: async ({ person }, use) => {
    const desktops: Desktop[] = []
    const keyrings: Awaited<ReturnType<typeof startKeyring>>[] = []
    await use(async ({ passwordStore = 'gnome-libsecret', preload = [] } = {}) => {
      if (passwordStore === 'gnome-libsecret') {
        if (keyrings.length === 0) keyrings.push(await startKeyring(person.env))
        person.env.DBUS_SESSION_BUS_ADDRESS = keyrings[0]?.address
      }
      const desktop = await startDesktop({ env: person.env, passwordStore, preload })
      desktops.push(desktop)
      return desktop
    })
    for (const desktop of desktops) {
      await desktop.quit()
      expect.soft(desktop.complaints, 'errors on the page’s console').toEqual([])
    }
    for (const keyring of keyrings) await keyring.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  outside: async ({}, use) => {
    const browser = await launchBrowser()
    await use(browser)
    await browser.close()
  },
})

test.beforeEach(() => skipUnless(test, whyNoDesktop()))

export { expect }
