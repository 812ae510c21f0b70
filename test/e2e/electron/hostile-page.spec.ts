import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { findInFiles } from '../support/canary.ts'
import { test as base, expect } from '../support/desktop-test.ts'
import {
  cancel,
  flowOf,
  type HostileProvider,
  openHostilePage,
  signInAt,
  startHostileProvider,
} from '../support/hostile-provider.ts'
import { firstRun } from '../support/steps.ts'
import { systemBrowser } from '../support/system-browser.ts'

/** A provider’s sign-in page that attacks. What it can reach has to be its own session, and gone afterwards. */
const test = base.extend<{ provider: HostileProvider }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  provider: async ({}, use) => {
    const provider = await startHostileProvider()
    await use(provider)
    await provider.stop()
  },
})

test('it has no bridge, no Node, no window of its own, and no permission, whatever the person clicks', async ({
  start,
  provider,
}) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const { hostile } = await openHostilePage(app, page, provider.origin)
  const tried = await clicked(hostile, async () => {
    type Any = Record<string, Record<string, (options?: unknown) => Promise<unknown>>>
    const own = navigator as unknown as Any
    const global = window as unknown as Any & Record<string, (options?: unknown) => Promise<unknown>>
    const waysIn: Record<string, () => unknown> = {
      notifications: async () => (await Notification.requestPermission()) === 'granted' || Promise.reject(),
      location: () => new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no)),
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
      screen: () => navigator.mediaDevices.getDisplayMedia({ video: true }),
      midi: () => navigator.requestMIDIAccess({ sysex: true }),
      clipboard: () => navigator.clipboard.readText(),
      paste: () => document.execCommand('paste') || Promise.reject(),
      fullscreen: () => document.body.requestFullscreen(),
      pointer: () => document.body.requestPointerLock(),
      keyboard: () => own.keyboard?.lock?.(['Escape']),
      wake: () => own.wakeLock?.request?.('screen'),
      idle: async () => (await global.IdleDetector?.requestPermission?.()) === 'granted' || Promise.reject(),
      files: () => global.showOpenFilePicker?.(),
      folder: () => global.showDirectoryPicker?.(),
      fonts: async () => ((await global.queryLocalFonts?.()) as [] | undefined)?.length || Promise.reject(),
      screens: () => global.getScreenDetails?.(),
      usb: () => own.usb?.requestDevice?.({ filters: [] }),
      serial: () => own.serial?.requestPort?.(),
      bluetooth: () => own.bluetooth?.requestDevice?.({ acceptAllDevices: true }),
      hid: async () =>
        ((await own.hid?.requestDevice?.({ filters: [] })) as [] | undefined)?.length || Promise.reject(),
      popup: () => window.open('/other') ?? Promise.reject(),
      blankPopup: () => window.open('about:blank') ?? Promise.reject(),
      appPopup: () => window.open('app://latchkey/') ?? Promise.reject(),
      appPage: () => fetch('app://latchkey/index.html'),
      file: () => fetch('file:///etc/hostname'),
    }
    const answers: Record<string, string> = {}
    for (const [name, way] of Object.entries(waysIn)) {
      const answer = Promise.resolve()
        .then(way)
        .then(
          (it) => (it === undefined && !/fullscreen|pointer/.test(name) ? 'not there' : 'allowed'),
          () => 'refused',
        )
      // Some are refused by never being answered.
      answers[name] = await Promise.race([answer, new Promise<string>((done) => setTimeout(done, 3_000, 'refused'))])
    }
    return {
      answers,
      permissions: await Promise.all(
        ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'persistent-storage'].map(
          async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
        ),
      ),
      locked: document.fullscreenElement ?? document.pointerLockElement,
      latchkey: ['latchkey', 'require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    }
  })
  // A permission that this Chromium does not know cannot be given either.
  expect(Object.entries(tried.answers).filter(([, answer]) => answer === 'allowed')).toEqual([])
  expect(Object.values(tried.answers).filter((answer) => answer === 'refused').length).toBeGreaterThan(20)
  expect(tried).toMatchObject({ permissions: Array(7).fill('denied'), locked: null, latchkey: [] })
  expect(app.windows()).toHaveLength(2)
})

test('it learns no address of this machine from a peer connection, and does not move its window', async ({
  start,
  provider,
}) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const { hostile } = await openHostilePage(app, page, provider.origin)
  const before = await boundsOfSignIn(app)
  const candidates = await clicked(hostile, async () => {
    window.moveTo(1, 1)
    window.resizeTo(200, 200)
    window.moveBy(50, 50)
    const peer = new RTCPeerConnection()
    peer.createDataChannel('any')
    const found: string[] = []
    peer.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate)
    await peer.setLocalDescription(await peer.createOffer())
    while (peer.iceGatheringState !== 'complete')
      await new Promise((done) => peer.addEventListener('icegatheringstatechange', done, { once: true }))
    return found
  })
  expect(candidates.filter((it) => !it.includes(' tcp '))).toEqual([])
  expect(await boundsOfSignIn(app)).toEqual(before)
})

test('it leads to no program, no file and no page of Latchkey, by whatever way', async ({
  start,
  person,
  provider,
}) => {
  const schemes = ['mailto', 'tel', 'ms-settings', 'latchkey', 'evil']
  const outside = systemBrowser(person, schemes)
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  provider.on('/away', ({ url }, response) => {
    response.writeHead(302, { location: new URL(url ?? '', provider.origin).searchParams.get('to') ?? '' }).end()
  })
  const { hostile } = await openHostilePage(app, page, provider.origin)
  const here = hostile.url()
  const targets = [
    'mailto:somebody@example.com',
    'tel:112',
    'ms-settings:privacy',
    'latchkey://settings',
    'evil:--gpu-launcher=calc',
    'file:///etc/hostname',
    'app://latchkey/index.html',
    'chrome://gpu/',
    'devtools://devtools/bundled/inspector.html',
    'view-source:http://127.0.0.1/',
    'data:text/html,<h1>Sign in</h1>',
  ]
  for (const target of targets) {
    await clicked(
      hostile,
      (to) => {
        const link = document.body.appendChild(document.createElement('a'))
        link.href = to
        link.click()
        const frame = document.body.appendChild(document.createElement('iframe'))
        frame.src = to
        const redirected = document.body.appendChild(document.createElement('iframe'))
        redirected.src = `/away?to=${encodeURIComponent(to)}`
        window.open(to)
        location.href = to
        return true
      },
      target,
    )
  }
  // At last a redirect of the whole window: it ends on no page, and the sign-in says so or stays.
  await hostile.evaluate(() => {
    location.href = '/away?to=mailto%3Asomebody%40example.com'
  })
  await expect
    .poll(() => provider.requests.filter(({ url }) => url?.startsWith('/away')).length)
    .toBe(targets.length + 1)
  const shown = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
  )
  expect(shown.every((url) => url === here || url.startsWith('app://latchkey/'))).toBe(true)
  expect(await firstRun(page).isVisible()).toBe(true)

  // What would have been started is noted, as this shows.
  await app.evaluate(({ shell }) => shell.openExternal('evil:the-last'))
  expect(await outside.nextUrl()).toBe('evil:the-last')
  expect(outside.urls()).toEqual(['evil:the-last'])
})

test('it downloads nothing', async ({ start, person, provider }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  provider.on('/file', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-sh', 'content-disposition': 'attachment' }).end('rm -rf')
  })
  const { hostile } = await openHostilePage(app, page, provider.origin)
  // Behind the guard's own listener: what it has let through would be counted here.
  await app.evaluate(({ webContents, session }) => {
    const seen = { begun: 0, let: 0 }
    Object.assign(globalThis, { downloads: seen })
    for (const contents of webContents.getAllWebContents()) {
      if (contents.session === session.defaultSession) continue
      contents.session.on('will-download', (event) => {
        seen.begun++
        if (!event.defaultPrevented) seen.let++
      })
    }
  })
  const downloads = () =>
    app.evaluate(() => (globalThis as never as { downloads: { begun: number; let: number } }).downloads)
  const ways = [
    () => {
      const link = document.body.appendChild(document.createElement('a'))
      link.href = URL.createObjectURL(new Blob(['evil']))
      link.download = 'evil.sh'
      link.click()
    },
    () => {
      const link = document.body.appendChild(document.createElement('a'))
      link.href = '/file'
      link.download = 'evil.sh'
      link.click()
    },
    () => {
      document.body.appendChild(document.createElement('iframe')).src = '/file'
    },
    () => {
      location.href = '/file'
    },
  ]
  for (const [index, way] of ways.entries()) {
    await clicked(hostile, way)
    await expect.poll(async () => (await downloads()).begun).toBe(index + 1)
  }
  expect((await downloads()).let).toBe(0)
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(2)
  const written = readdirSync(person.folder, { recursive: true, encoding: 'utf8' })
  expect(written.filter((file) => /evil\.sh|\.crdownload|Downloads\//.test(file))).toEqual([])
})

test('what it stores is gone with its window: cookies of any size, databases, caches, workers', async ({
  start,
  person,
  provider,
}) => {
  const canary = `canary-${crypto.randomUUID()}`
  provider.on('/cookies', ({ url }, response) => {
    const from = new URL(url ?? '', provider.origin).searchParams.get('from')
    const cookie = (index: number) => `c${from}-${index}=${canary}${'x'.repeat(3_900)}; Max-Age=99999`
    const cookies = Array.from({ length: 50 }, (_, index) => cookie(index))
    response.writeHead(200, { 'set-cookie': cookies }).end('set')
  })
  provider.on('/worker.js', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(`self.name = '${canary}'; onfetch = () => {}`)
  })
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const first = await openHostilePage(app, page, provider.origin)
  await app.evaluate(({ webContents, session }) => {
    const foreign = webContents.getAllWebContents().filter((it) => it.session !== session.defaultSession)
    Object.assign(globalThis, { used: foreign[0]?.session })
  })
  const kept = await clicked(
    first.hostile,
    async (text) => {
      for (const from of [1, 2, 3]) await fetch(`/cookies?from=${from}`)
      localStorage.setItem('canary', text)
      sessionStorage.setItem('canary', text)
      await (await caches.open('canary')).put('/any', new Response(text))
      await new Promise((done) => {
        const opening = indexedDB.open('canary', 1)
        opening.onupgradeneeded = () => opening.result.createObjectStore('canary').put(text, 'canary')
        opening.onsuccess = done
      })
      const worker = await navigator.serviceWorker.register('/worker.js').then(
        () => 'registered',
        () => 'refused',
      )
      return {
        cookies: document.cookie.split(';').length,
        worker,
      }
    },
    canary,
  )
  expect(kept).toEqual({ cookies: 150, worker: 'refused' })
  await cancel(page, first.flow)
  await expect.poll(() => app.windows().length).toBe(1)
  const left = () =>
    app.evaluate(async () => {
      const used = (globalThis as never as { used: Electron.Session }).used
      return {
        cookies: (await used.cookies.get({})).length,
        workers: Object.keys(used.serviceWorkers.getAllRunning()).length,
        cache: await used.getCacheSize(),
        path: used.getStoragePath(),
      }
    })
  await expect.poll(left).toEqual({ cookies: 0, workers: 0, cache: 0, path: null })

  // The next sign-in knows nothing of it, and the app's own page never did.
  const second = await openHostilePage(app, page, provider.origin)
  const found = await second.hostile.evaluate(async () => ({
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    caches: await caches.keys(),
    databases: await indexedDB.databases(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }))
  expect(found).toEqual({ cookies: '', local: 0, session: 0, caches: [], databases: [], workers: 0 })
  await cancel(page, second.flow)
  expect(findInFiles(person.folder, { canary })).toEqual([])
})

test('it does not keep the person: dialogs without end, a page that will not go, a script without end', async ({
  start,
  provider,
}) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  for (const attack of [
    () => {
      window.addEventListener('beforeunload', (event) => event.preventDefault())
      window.onbeforeunload = () => 'Stay!'
    },
    // Nothing may be awaited of a page that never comes back.
    () =>
      void setTimeout(() => {
        for (;;) confirm('Stay?')
      }),
    () =>
      void setTimeout(() => {
        for (;;);
      }),
  ]) {
    const { flow, hostile } = await openHostilePage(app, page, provider.origin)
    const preferences = await app.evaluate(({ webContents, session }) =>
      webContents
        .getAllWebContents()
        .filter((it) => it.session !== session.defaultSession)
        .map(
          (it) =>
            (it as never as { getLastWebPreferences(): { disableDialogs: boolean } }).getLastWebPreferences()
              .disableDialogs,
        ),
    )
    expect(preferences).toEqual([true])
    await click(hostile, attack)
    await cancel(page, flow)
    await expect.poll(() => app.windows().length).toBe(1)
    expect((await flowOf(page, flow)).state).toBe('cancelled')
  }
})

test('redirects without end are given up, and the sign-in says why', async ({ start, provider }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  provider.on('/authorize', (_request, response) => void response.writeHead(302, { location: '/round' }).end())
  provider.on('/round', (_request, response) => void response.writeHead(302, { location: '/round' }).end())
  const flow = await signInAt(page, provider.origin)
  await expect.poll(async () => (await flowOf(page, flow)).state).toBe('failed')
  expect((await flowOf(page, flow)).failure?.message).toBe(`${provider.origin} sends the sign-in in circles.`)
  expect(provider.requests.length).toBeLessThan(30)
  await expect.poll(() => app.windows().length).toBe(1)
})

test('a page that crashes ends its sign-in, and leaves no report of the crash', async ({ start, person, provider }) => {
  const canary = `canary-${crypto.randomUUID()}`
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const { flow, hostile } = await openHostilePage(app, page, provider.origin)
  await hostile.evaluate((text) => Object.assign(window, { planted: text }), canary)
  await app.evaluate(({ BrowserWindow }) => {
    const victim = BrowserWindow.getAllWindows().find((window) => window.getTitle().startsWith('Sign in'))
    process.kill(victim?.webContents.getOSProcessId() ?? 0, 'SIGSEGV')
  })
  await expect.poll(async () => (await flowOf(page, flow)).state).toBe('failed')
  expect((await flowOf(page, flow)).failure?.message).toBe('The sign-in page crashed.')
  const dumps = await app.evaluate(({ app }) => app.getPath('crashDumps'))
  // Chromium keeps an id there, for reports that are never made.
  expect(existsSync(dumps) ? files(dumps).filter((file) => path.basename(file) !== 'client_id') : []).toEqual([])
  expect(findInFiles(person.folder, { canary })).toEqual([])
})

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

/**
 * Runs it in the page when its button is clicked, as the page's own script would. Playwright's own click, and all that
 * looks for something in a page, would wait for navigations that never come.
 */
async function click<A>(hostile: Page, work: (argument: A) => unknown, argument?: A): Promise<void> {
  const at = await hostile.evaluate(`
    run = () => (${work})(${JSON.stringify(argument) ?? ''})
    const { x, y } = document.querySelector('button').getBoundingClientRect()
    ;({ x, y })`)
  const { x, y } = at as { x: number; y: number }
  await hostile.mouse.click(x + 5, y + 5)
}

/** The same, and gives what came of it. */
async function clicked<A, T>(hostile: Page, work: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
  await click(hostile, work, argument)
  return (await hostile.evaluate('window.result')) as T
}

function boundsOfSignIn(app: ElectronApplication) {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Sign in'))
      ?.getBounds(),
  )
}
