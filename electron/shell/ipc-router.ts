import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { LatchkeyError } from '../../shared/errors.ts'
import { toResult } from '../../shared/result.ts'
import type { Logger } from '../platform/ports.ts'
import type { Dispatch, Events } from '../services/ports.ts'
import { isAppUrl } from './app-url.ts'

/**
 * The one channel between page and services. The sender is checked before anything is looked at, so that no handler can
 * be reached around the guard; the method and its input stay `unknown` until dispatch has checked them.
 * Returns the way to stop.
 */
export function routeIpc(options: {
  window: () => BrowserWindow | null
  dispatch: Dispatch
  events: Events
  logger: Logger
}): () => void {
  ipcMain.handle('latchkey:call', (event, method: unknown, input: unknown) =>
    toResult(() => {
      if (!isOwnPage(event, options.window())) throw new LatchkeyError('forbidden', 'Only Latchkey’s own page may ask.')
      if (typeof method !== 'string') throw new LatchkeyError('invalid_request', 'The method must be a name.')
      return options.dispatch(method, input, { kind: 'page' }).catch((error: unknown) => {
        // The page is told that the log names the place.
        if (!(error instanceof LatchkeyError)) options.logger.error('a call of the page failed', { method, error })
        throw error
      })
    }),
  )
  const stop = options.events.on((event) => {
    const contents = options.window()?.webContents
    if (contents !== undefined && isAppUrl(contents.getURL())) contents.send('latchkey:event', event)
  })
  return () => {
    stop()
    ipcMain.removeHandler('latchkey:call')
  }
}

/** The top frame of our window, showing our own page. */
function isOwnPage(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame
  return window !== null && frame !== null && frame === window.webContents.mainFrame && isAppUrl(frame.url)
}
