import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Holds what is on screen against the rules of WCAG 2.2 AA that a program can check. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // Electron has no way to open the extra page that axe's usual mode works in.
    .setLegacyMode()
    // Where react-aria speaks to screen readers: what it names may be gone again by the time that axe looks.
    .exclude('[data-live-announcer]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  expect.soft(found, what).toEqual([])
}
