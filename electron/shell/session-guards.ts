import path from 'node:path'
import {
  app,
  type BrowserWindow,
  type DownloadItem,
  type Event,
  type Session,
  session,
  type WebContents,
  type WebFrameMain,
} from 'electron'
import { isAppUrl, isWebUrl } from './app-url.ts'

/**
 * What web content may do, decided once for every session and every page that will ever exist in this process: nothing,
 * except what is written here (electronjs.org/docs/latest/tutorial/security, 4, 5, 12-14).
 */

/** Sessions of sign-in windows. Their pages come from the web; every other session is the app's own. */
const webSessions = new WeakSet<Session>()

/** Lets the pages of this session go to http and https addresses. */
export function allowWeb(target: Session): void {
  webSessions.add(target)
}

/** The app's window, whose page may save files. */
let savingWindow: () => BrowserWindow | null = () => null

/** Lets the app's own page, in this window alone, save what it made itself. */
export function allowSaving(window: () => BrowserWindow | null): void {
  savingWindow = window
}

/** Call before the app is ready. */
export function installGuards(): void {
  app.on('session-created', guardSession)
  app.on('web-contents-created', (_event, contents) => guardContents(contents))
  // Electron would present the first certificate it finds to any server that asks.
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
}

/** Keeps the page's own session off the network altogether, whatever the page's policy says. Call when ready. */
export function keepAppOffline(): void {
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*']
  session.defaultSession.webRequest.onBeforeRequest({ urls }, (_details, callback) => callback({ cancel: true }))
}

function guardSession(target: Session): void {
  // Our own page may put text on the clipboard; reading it, and everything else, nobody may.
  const allowed = (permission: string, url: string) => permission === 'clipboard-sanitized-write' && isAppUrl(url)
  target.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(allowed(permission, details.requestingUrl)),
  )
  target.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin))
  target.setDevicePermissionHandler(() => false)
  target.on('will-download', guardDownload)
  // The spell checker would fetch its dictionaries from a server.
  target.setSpellCheckerEnabled(false)
}

/**
 * Nothing is downloaded, except what the app's own page made (a blob of its origin) and hands out from the top frame of
 * the app's window. The system's save dialog always asks where to: nothing is written unseen.
 */
function guardDownload(event: Event, item: DownloadItem, contents: WebContents, frame: WebFrameMain | null): void {
  const [url = '', ...redirects] = item.getURLChain()
  const window = savingWindow()
  const isOwn =
    redirects.length === 0 &&
    url.startsWith('blob:') &&
    isAppUrl(url.slice('blob:'.length)) &&
    window !== null &&
    contents === window.webContents &&
    (!frame || frame === contents.mainFrame) &&
    isAppUrl(contents.getURL())
  if (isOwn) item.setSaveDialogOptions({ defaultPath: path.join(app.getPath('downloads'), item.getFilename()) })
  else event.preventDefault()
}

function guardContents(contents: WebContents): void {
  const mayGo = ({ url, isMainFrame }: { url: string; isMainFrame: boolean }) => {
    if (!webSessions.has(contents.session)) return isAppUrl(url)
    // Providers' pages fill empty frames of their own.
    return isWebUrl(url) || (!isMainFrame && (url === 'about:blank' || url === 'about:srcdoc'))
  }
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // A page stays where the person has put its window: moved over something else, it could pass for that.
  contents.on('content-bounds-updated', (event) => event.preventDefault())
  // No address of this machine's networks for a page that opens a peer connection.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    if (!mayGo(event)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!mayGo(event)) event.preventDefault()
  })
}
