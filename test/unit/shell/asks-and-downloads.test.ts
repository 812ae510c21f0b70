import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'

/**
 * The parts of Electron that these two modules touch, so that what they decide is tested on every machine. That Electron
 * itself does what is decided is in test/e2e/electron.
 */
const electron = vi.hoisted(() => ({
  shown: [] as (EventEmitter & { title: string; body: string; open: boolean })[],
  app: null as unknown as EventEmitter,
}))

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  class Notification extends EventEmitter {
    static isSupported = () => true
    open = false
    title: string
    body: string
    constructor({ title, body }: { title: string; body: string }) {
      super()
      this.title = title
      this.body = body
      electron.shown.push(this)
    }
    show() {
      this.open = true
    }
    close() {
      this.open = false
    }
  }
  electron.app = Object.assign(new EventEmitter(), { getPath: (name: string) => `/home/ada/${name}` })
  return { Notification, app: electron.app, session: {} }
})

const { notifyOfAsks } = await import('../../../electron/shell/notifications.ts')
const { allowSaving, installGuards } = await import('../../../electron/shell/session-guards.ts')

describe('the notification of an ask', () => {
  let focused = false
  let pages: string[] = []
  const events = createEventBus<LatchkeyEvent>()
  const ask = { name: 'Mail\u202e sync\nnow', code: 'WXYZ-2345', state: 'waiting' }
  notifyOfAsks({
    window: () => ({ isFocused: () => focused }) as BrowserWindow,
    show: (page) => pages.push(page),
    dispatch: async (method, input) => {
      expect([method, input]).toEqual(['asks.get', { ask: expect.any(String) }])
      return ask
    },
    events,
  })
  const asks = async (id: string, state: 'waiting' | 'denied' = 'waiting') => {
    events.emit({ type: 'ask', ask_id: id, state })
    await Promise.resolve()
    await Promise.resolve()
  }
  beforeEach(() => {
    focused = false
    pages = []
    electron.shown.length = 0
  })

  it('[E17] says who asks and the code, once, and opens nothing by itself', async () => {
    await asks('one')
    await asks('one')
    expect(electron.shown).toMatchObject([
      { title: 'Mail sync now asks for access', body: 'Code WXYZ-2345. Open Latchkey to answer.', open: true },
    ])
    expect(pages).toEqual([])
  })

  it('[E17] leads to the page of the ask when it is clicked', async () => {
    await asks('two/2')
    electron.shown[0]?.emit('click')
    expect(pages).toEqual(['/apps/asks/two%2F2'])
  })

  it('[E17] does not come while the person looks at the window, and goes when it is answered', async () => {
    focused = true
    await asks('three')
    expect(electron.shown).toEqual([])
    focused = false
    await asks('four')
    await asks('four', 'denied')
    expect(electron.shown[0]?.open).toBe(false)
  })
})

describe('downloads', () => {
  installGuards()
  const target = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
    setSpellCheckerEnabled: () => undefined,
  })
  electron.app.emit('session-created', target)
  const mainFrame = {}
  const contents = { getURL: () => 'app://latchkey/#/activity', mainFrame }
  allowSaving(() => ({ webContents: contents }) as unknown as BrowserWindow)

  /** Where the save dialog begins, or null when the download is refused. */
  function download(change: { chain?: string[]; contents?: object; frame?: object | null } = {}): string | null {
    let refused = false
    let path: string | null = null
    target.emit(
      'will-download',
      {
        preventDefault: () => {
          refused = true
        },
      },
      {
        getURLChain: () => change.chain ?? ['blob:app://latchkey/6f1e'],
        getFilename: () => 'latchkey-activity.jsonl',
        setSaveDialogOptions: (options: { defaultPath: string }) => {
          path = options.defaultPath
        },
      },
      change.contents ?? contents,
      change.frame === undefined ? mainFrame : change.frame,
    )
    return refused ? null : path
  }

  it('[F14] what our own page made is saved where the person says', () => {
    expect(download()).toBe('/home/ada/downloads/latchkey-activity.jsonl')
    expect(download({ frame: null })).not.toBeNull()
  })

  it('nothing else is downloaded', () => {
    for (const url of [
      'https://evil.example/x',
      'app://latchkey/index.html',
      'data:text/plain,x',
      'file:///etc/hostname',
    ]) {
      expect(download({ chain: [url] }), url).toBeNull()
    }
    for (const url of ['blob:https://evil.example/6f1e', 'blob:app://latchkey.evil/6f1e', 'blob:null/6f1e', '']) {
      expect(download({ chain: [url] }), url).toBeNull()
    }
    expect(download({ chain: ['https://evil.example/', 'blob:app://latchkey/6f1e'] })).toBeNull()
    expect(download({ chain: ['blob:app://latchkey/6f1e', 'https://evil.example/'] })).toBeNull()
  })

  it('nor from another window, another frame, or a page that is not ours', () => {
    expect(download({ contents: { ...contents } })).toBeNull()
    expect(download({ frame: {} })).toBeNull()
    const away = { getURL: () => 'https://evil.example/', mainFrame }
    allowSaving(() => ({ webContents: away }) as unknown as BrowserWindow)
    expect(download({ contents: away })).toBeNull()
    allowSaving(() => null)
    expect(download()).toBeNull()
  })
})
