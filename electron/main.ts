import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, session } from 'electron'
import packageJson from '../package.json' with { type: 'json' }
import { compose } from './compose.ts'
import { hardenProcess } from './platform/hardening.ts'
import { profilePaths, withProfile } from './platform/paths.ts'
import { hostArguments } from './platform/profiles.ts'
import { registerAppScheme, serveApp } from './shell/app-protocol.ts'
import { electronBrowser } from './shell/browser.ts'
import { linkIn, pageOfLink } from './shell/deep-links.ts'
import { routeIpc } from './shell/ipc-router.ts'
import { refuseSwitches } from './shell/launch-guards.ts'
import {
  closeBeforeQuit,
  failToStart,
  followWindows,
  receiveLinks,
  shortenAddressesInWarnings,
} from './shell/lifecycle.ts'
import { mainWindow } from './shell/main-window.ts'
import { installMenu } from './shell/menu.ts'
import { notifyOfAsks } from './shell/notifications.ts'
import { electronPower } from './shell/power.ts'
import { openPreferences } from './shell/preferences.ts'
import { safeStorageGuard } from './shell/safe-storage-guard.ts'
import { allowSaving, installGuards, keepAppOffline } from './shell/session-guards.ts'
import { signInWindows } from './shell/sign-in-window.ts'
import { claimSingleInstance, setProfileFolder } from './shell/single-instance.ts'
import { osKeyringGuard } from './vault/os-keyring-guard.ts'

hardenProcess()
refuseSwitches()
const built = path.dirname(fileURLToPath(import.meta.url))
const paths = profilePaths(withProfile(process.env, hostArguments(process.argv.slice(1)).profile))
setProfileFolder(paths.electron)
registerAppScheme()
shortenAddressesInWarnings()
installGuards()

const browser = electronBrowser()
const window = mainWindow({
  preload: path.join(built, 'preload.cjs'),
  preferences: openPreferences(paths.electron),
  browser,
})
allowSaving(window.current)
const showLink = (link: string | null) => window.show(link === null ? null : pageOfLink(link))

async function start(): Promise<void> {
  keepAppOffline()
  await serveApp(session.defaultSession, path.join(built, 'renderer'))
  const latchkey = await compose({
    host: 'desktop',
    version: packageJson.version,
    paths,
    browser,
    windows: signInWindows(window.current),
    automaticGuard: safeStorageGuard(),
    otherGuards: [osKeyringGuard()],
    power: electronPower(),
    pageDir: null,
  })
  const { dispatch, events, logger } = latchkey
  routeIpc({ window: window.current, dispatch, events, logger })
  notifyOfAsks({ window: window.current, show: window.show, dispatch, events })
  closeBeforeQuit(latchkey.close)
  followWindows(window.show)
  installMenu(window.show)
  showLink(linkIn(process.argv))
}

// Electron waits for this module before it is ready, so readiness must not be awaited here.
if (claimSingleInstance(showLink)) {
  receiveLinks(showLink)
  app.whenReady().then(start).catch(failToStart)
} else {
  app.quit()
}
