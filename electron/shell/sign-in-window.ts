import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { BrowserWindow, type Session, session } from 'electron'
import { LatchkeyError } from '../../shared/errors.ts'
import { matchesRedirect } from '../redirects/match.ts'
import { SignInClosed, type SignInWindows } from '../redirects/ports.ts'
import { isLoopback, isWebUrl, parseUrl } from './app-url.ts'
import { allowWeb } from './session-guards.ts'

type Request = Parameters<SignInWindows['open']>[0]

/**
 * Windows for signing in. Each attempt gets a browser of its own that knows nothing and is forgotten afterwards: an
 * in-memory session, no preload script, the sandbox, and the guards of session-guards.ts.
 */
export function signInWindows(parent: () => BrowserWindow | null): SignInWindows {
  return { open: (request) => signIn(request, parent()) }
}

async function signIn(request: Request, parent: BrowserWindow | null): Promise<URL> {
  request.signal.throwIfAborted()
  if (!isWebUrl(request.authorizationUrl)) {
    throw new LatchkeyError('internal', 'The sign-in page has an address that a browser cannot open.')
  }
  // Without `persist:` nothing of the session reaches the disk.
  const forThisAttempt = session.fromPartition(`signin-${randomUUID()}`, { cache: false })
  allowWeb(forThisAttempt)
  refuseServiceWorkers(forThisAttempt)
  const window = new BrowserWindow({
    ...(parent === null ? {} : { parent }),
    title: request.title,
    width: 520,
    height: 720,
    minWidth: 360,
    minHeight: 480,
    minimizable: false,
    fullscreenable: false,
    backgroundColor: '#ffffff',
    webPreferences: {
      session: forThisAttempt,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      devTools: false,
      // A page that asks and asks again would keep the person from closing its window.
      disableDialogs: true,
    },
  })
  window.removeMenu()
  showAddress(window, request.title)
  try {
    const answer = answerOf(window, forThisAttempt, request)
    // A page that does not load is told by `did-fail-load`; an answer given at once aborts the loading.
    window.loadURL(request.authorizationUrl).catch(() => undefined)
    return await answer
  } finally {
    void dispose(window, forThisAttempt)
  }
}

/** A worker could go on when its page is gone. Browsers mark the request for its script (Service Workers, 9.2). */
function refuseServiceWorkers(from: Session): void {
  from.webRequest.onBeforeSendHeaders(({ requestHeaders }, callback) => {
    callback({ cancel: Object.keys(requestHeaders).some((name) => name.toLowerCase() === 'service-worker') })
  })
}

/** Takes its time: whoever waits for the answer, or for the window to be closed, does not wait for this. */
async function dispose(window: BrowserWindow, used: Session): Promise<void> {
  if (!window.isDestroyed()) window.hide()
  // Not while Chromium is still asking what is to become of the navigation.
  await setImmediate()
  if (!window.isDestroyed()) window.destroy()
  await Promise.allSettled([
    used.clearStorageData(),
    used.clearCache(),
    used.clearAuthCache(),
    used.closeAllConnections(),
  ])
}

/** Where the person is, in the one place that the page cannot write to: the title bar. */
function showAddress(window: BrowserWindow, title: string): void {
  window.on('page-title-updated', (event) => event.preventDefault())
  window.webContents.on('did-navigate', (_event, url) => {
    const address = parseUrl(url)
    window.setTitle(address === null || !isWebUrl(url) ? title : `Sign in · ${describeAddress(address)}`)
  })
}

function describeAddress(address: URL): string {
  if (address.protocol === 'https:') return `🔒 ${address.origin}`
  return `${address.origin} (${isLoopback(address) ? 'on this computer' : 'not encrypted'})`
}

/** The authorization response (RFC 6749 4.1.2), taken before the redirect URI is requested. */
function answerOf(window: BrowserWindow, from: Session, { redirectUri, mode, signal }: Request): Promise<URL> {
  // What is posted goes to the listener, and so does a request that has lost its fragment on the way there.
  const isAnswer = (url: string) =>
    matchesRedirect(url, redirectUri) && (mode === 'query' || (mode === 'fragment' && url.includes('#')))
  return new Promise((resolve, reject) => {
    const contents = window.webContents
    const take = (event: { url: string; isMainFrame: boolean; preventDefault(): void }) => {
      if (!isAnswer(event.url)) return
      event.preventDefault()
      if (event.isMainFrame) resolve(new URL(event.url))
    }
    contents.on('will-redirect', take)
    contents.on('will-frame-navigate', take)
    // What neither event sees: the first address, and requests that a frame makes.
    from.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*'] }, (details, callback) => {
      const cancel = isAnswer(details.url)
      callback({ cancel })
      if (cancel && details.resourceType === 'mainFrame') resolve(new URL(details.url))
    })
    contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
      // -3, ERR_ABORTED: one navigation replaced another.
      if (isMainFrame && code !== -3) reject(unreachable(url, description))
    })
    contents.on('render-process-gone', () => {
      reject(new LatchkeyError('provider_error', 'The sign-in page crashed.'))
    })
    // A page may ask to stay; the person has decided.
    contents.on('will-prevent-unload', (event) => event.preventDefault())
    window.on('closed', () => reject(new SignInClosed()))
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function unreachable(url: string, description: string): LatchkeyError {
  const place = parseUrl(url)?.origin ?? 'The sign-in page'
  if (description === 'ERR_TOO_MANY_REDIRECTS') {
    return new LatchkeyError('provider_error', `${place} sends the sign-in in circles.`)
  }
  const why = description === '' ? '' : ` (${description})`
  return new LatchkeyError('provider_unreachable', `${place} did not answer${why}.`)
}
