import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium, expect, type Page } from '@playwright/test'
import type { Person } from './person.ts'
import { browserFile, sandboxArgs } from './requirements.ts'

/** A real browser, apart from Electron. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserFile() ?? undefined, args: sandboxArgs })
}

/**
 * The person's own browser, as xdg-open finds it: the default application for web addresses is a script that notes the
 * address, and the test opens that address in a real browser. It is the application for `schemes` as well. Changes
 * `person.env`.
 */
export function systemBrowser(
  person: Person,
  schemes: string[] = [],
): { nextUrl(): Promise<string>; urls(): string[] } {
  const file = path.join(person.folder, 'browser.sh')
  const asked = path.join(person.folder, 'browser.urls')
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$1" >> "${asked}"\n`)
  chmodSync(file, 0o700)
  const applications = path.join(person.env.XDG_DATA_HOME ?? '', 'applications')
  mkdirSync(applications)
  const types = ['text/html', ...['http', 'https', ...schemes].map((scheme) => `x-scheme-handler/${scheme}`)]
  writeFileSync(
    path.join(applications, 'test-browser.desktop'),
    `[Desktop Entry]\nType=Application\nName=Browser\nExec=${file} %u\nMimeType=${types.join(';')};\n`,
  )
  writeFileSync(
    path.join(person.env.XDG_CONFIG_HOME ?? '', 'mimeapps.list'),
    `[Default Applications]\n${types.map((type) => `${type}=test-browser.desktop\n`).join('')}`,
  )
  person.env.BROWSER = file
  let taken = 0
  const urls = () => (existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').slice(0, -1) : [])
  return {
    urls,
    async nextUrl() {
      await expect.poll(() => urls().length, { message: 'the system browser is opened' }).toBeGreaterThan(taken)
      const url = urls()[taken]
      taken++
      return url ?? ''
    },
  }
}

export async function openIn(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  return page
}
