import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../../..')

/** The first of these programs on the PATH, or null. */
export function program(...names: string[]): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        // Not here.
      }
    }
  }
  return null
}

/** The Electron that the project's own `electron` package would start, or null where it has not been downloaded. */
export function electronFile(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(root, 'node_modules/electron/dist')
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const file = path.join(folder, names[process.platform] ?? 'electron')
  return existsSync(file) ? file : null
}

/** Why the desktop cannot be tested here, or null. */
export function whyNoDesktop(): string | null {
  if (electronFile() === null)
    return 'Electron is not here (ELECTRON_OVERRIDE_DIST_PATH, or node_modules/electron/dist)'
  if (process.platform !== 'linux') return 'the keyring and the display of these tests are those of Linux'
  for (const name of ['Xvfb', 'dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'xdg-open']) {
    if (program(name) === null) return `${name} is not installed`
  }
  return whyNoBrowser()
}

/** Why no browser can be driven here, or null. */
export function whyNoBrowser(): string | null {
  return browserFile() === null ? 'no Chromium or Chrome is installed' : null
}

export function browserFile(): string | null {
  return program('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome')
}

/** Chromium's sandbox does not work for root. */
export const sandboxArgs = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/**
 * Skips by name what this machine cannot run; with CI=true that is a failure instead, so that nothing green hides a
 * test that never ran.
 */
export function skipUnless(test: { skip(condition: boolean, reason: string): void }, why: string | null): void {
  if (why === null) return
  if (process.env.CI === 'true') throw new Error(`CI=true, and this test cannot run: ${why}.`)
  test.skip(true, why)
}
