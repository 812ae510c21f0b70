import { mkdirSync } from 'node:fs'
import { app } from 'electron'
import { linkIn } from './deep-links.ts'

/** Moves Electron's own files into the profile. Has to run before the app is ready and before the instance lock. */
export function setProfileFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  app.setPath('userData', folder)
}

/**
 * Makes this process the only one for its profile. false: another one has it, was told to come forward, and this one has
 * to end. `onSecond` gets the link that a later start was given, or null.
 */
export function claimSingleInstance(onSecond: (link: string | null) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, argv) => onSecond(linkIn(argv)))
  return true
}
