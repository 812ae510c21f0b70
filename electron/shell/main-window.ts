import { BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron'
import type { Browser } from '../platform/ports.ts'
import { appOrigin, isBrowserUrl } from './app-url.ts'
import type { Preferences } from './preferences.ts'

const smallest = { width: 720, height: 560 }
const usual = { width: 1120, height: 760 }

export interface MainWindow {
  current(): BrowserWindow | null
  /** Brings the window forward, opening it if need be; `page` is a path such as `/settings`. */
  show(page?: string | null): void
}

/** The one window of the app. It remembers where it was. */
export function mainWindow(options: { preload: string; preferences: Preferences; browser: Browser }): MainWindow {
  const { preload, preferences, browser } = options
  let window: BrowserWindow | null = null
  nativeTheme.on('updated', () => window?.setBackgroundColor(background()))

  function open(page: string): void {
    const saved = preferences.get('window')
    const opened = new BrowserWindow({
      ...(saved === undefined ? usual : onScreen(saved.bounds)),
      minWidth: smallest.width,
      minHeight: smallest.height,
      title: 'Latchkey',
      backgroundColor: background(),
      show: false,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    })
    window = opened
    if (saved?.maximized) opened.maximize()
    opened.once('ready-to-show', () => opened.show())
    opened.on('close', () => {
      preferences.set('window', { bounds: opened.getNormalBounds(), maximized: opened.isMaximized() })
    })
    opened.on('closed', () => {
      window = null
    })
    // Links to documentation and consoles: the page cannot follow them, the person's browser can.
    opened.webContents.setWindowOpenHandler(({ url }) => {
      if (isBrowserUrl(url)) browser.open(url).catch(() => undefined)
      return { action: 'deny' }
    })
    opened.loadURL(pageUrl(page)).catch(() => undefined)
  }

  return {
    current: () => window,
    show(page) {
      if (window === null) return open(page ?? '/')
      if (page) window.loadURL(pageUrl(page)).catch(() => undefined)
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}

/** Pages are told apart by the fragment, so that going to one loads nothing anew. */
function pageUrl(page: string): string {
  return `${appOrigin}/#${page}`
}

/** What stands behind the page until it is drawn: the page's own background colours. */
function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#101517' : '#fbfaf8'
}

/** The saved place, unless the screen that it was on is gone. */
function onScreen(bounds: Rectangle): Partial<Rectangle> {
  const area = screen.getDisplayMatching(bounds).workArea
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  const titleBarVisible = bounds.y >= area.y && bounds.y < area.y + area.height - 40
  if (visibleWidth >= 100 && titleBarVisible) return bounds
  return { width: Math.min(bounds.width, area.width), height: Math.min(bounds.height, area.height) }
}
