import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A person's own folders on this machine, empty: home, configuration, runtime files, and a Latchkey profile. */
export interface Person {
  folder: string
  profile: string
  env: NodeJS.ProcessEnv
  remove(): void
}

export function newPerson(): Person {
  // Short: a Unix socket's path has to fit in it.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lk-'))
  const below = (name: string) => {
    const full = path.join(folder, name)
    mkdirSync(full, { mode: 0o700 })
    return full
  }
  const home = below('home')
  const profile = path.join(folder, 'profile')
  const { DISPLAY, PATH, LANG, ELECTRON_OVERRIDE_DIST_PATH } = process.env
  const env: NodeJS.ProcessEnv = {
    PATH,
    LANG,
    DISPLAY,
    HOME: home,
    XDG_CONFIG_HOME: below('config'),
    XDG_DATA_HOME: below('data'),
    XDG_CACHE_HOME: below('cache'),
    XDG_RUNTIME_DIR: below('run'),
    LATCHKEY_HOME: profile,
    ...(ELECTRON_OVERRIDE_DIST_PATH === undefined ? {} : { ELECTRON_OVERRIDE_DIST_PATH }),
  }
  return { folder, profile, env, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) }
}
