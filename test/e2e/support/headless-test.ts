import { type Browser, test as base } from '@playwright/test'
import { type Headless, startHeadless } from './headless.ts'
import { newPerson, type Person } from './person.ts'
import { launchBrowser } from './system-browser.ts'

/** A headless host for a new person, and a browser of theirs. */
export const test = base.extend<{ person: Person; host: Headless; outside: Browser }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  person: async ({}, use) => {
    const person = newPerson()
    await use(person)
    person.remove()
  },
  host: async ({ person }, use) => {
    const host = await startHeadless(person)
    await use(host)
    await host.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  outside: async ({}, use) => {
    const browser = await launchBrowser()
    await use(browser)
    await browser.close()
  },
})
