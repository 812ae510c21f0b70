import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '../support/desktop-test.ts'
import { openHostilePage, startHostileProvider } from '../support/hostile-provider.ts'
import { sandboxArgs } from '../support/requirements.ts'
import { firstRun } from '../support/steps.ts'
import { systemBrowser } from '../support/system-browser.ts'

/** The points of Electron's own checklist (docs/electron-security.md) that can be seen in the running app. */

test('every page runs isolated and in the sandbox, without Node and with nothing experimental', async ({ start }) => {
  const provider = await startHostileProvider()
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  await openHostilePage(app, page, provider.origin)
  const pages = await app.evaluate(({ webContents, session }) =>
    webContents.getAllWebContents().map((contents) => ({
      own: contents.session === session.defaultSession,
      pid: contents.getOSProcessId(),
      preferences: (contents as never as { getLastWebPreferences(): object }).getLastWebPreferences(),
    })),
  )
  expect(pages.map(({ own }) => own).sort()).toEqual([false, true])
  for (const { preferences } of pages) {
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    })
    // Told only where it is set.
    expect(preferences).not.toHaveProperty('nodeIntegrationInWorker', true)
    expect((preferences as { enableBlinkFeatures?: string }).enableBlinkFeatures ?? '').toBe('')
  }
  const hasTools = await app.evaluate(({ webContents, session }) => {
    const foreign = webContents.getAllWebContents().find((contents) => contents.session !== session.defaultSession)
    foreign?.openDevTools()
    return foreign?.isDevToolsOpened()
  })
  expect(hasTools).toBe(false)
  // The two are different processes. The system's own word on the sandbox: a filter of system calls (seccomp, mode 2),
  // which Chromium cannot set for root.
  expect(new Set(pages.map(({ pid }) => pid)).size).toBe(2)
  for (const { pid } of sandboxArgs.length === 0 ? pages : []) {
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m)
  }
  await provider.stop()
})

test('every session that there will ever be refuses permissions, windows and downloads', async ({ start }) => {
  const provider = await startHostileProvider()
  provider.on('/file', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-disposition': 'attachment' }).end('a file')
  })
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const opened = app.waitForEvent('window')
  // As a defect could make one: a window of a session that nobody has thought of, with a foreign page in it.
  await app.evaluate(({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ webPreferences: { partition: 'persist:forgotten' } })
    const downloads: boolean[] = []
    Object.assign(globalThis, { downloads })
    window.webContents.session.on('will-download', (event) => void downloads.push(event.defaultPrevented))
    void window.loadURL(url)
  }, provider.origin)
  const foreign = await opened
  await expect(foreign.getByRole('button', { name: 'Continue' })).toBeVisible()
  const before = foreign.url()
  const seen = await foreign.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    permission: (await navigator.permissions.query({ name: 'geolocation' })).state,
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).catch(() => 'refused'),
    window: window.open('https://example.com/'),
  }))
  expect(seen).toEqual({ notifications: 'denied', permission: 'denied', camera: 'refused', window: null })
  await foreign.evaluate(() => {
    document.body.appendChild(document.createElement('iframe')).src = '/file'
    const link = document.body.appendChild(document.createElement('a'))
    link.href = URL.createObjectURL(new Blob(['text']))
    link.download = 'text.txt'
    link.click()
  })
  const downloads = () => app.evaluate(() => (globalThis as never as { downloads: boolean[] }).downloads)
  await expect.poll(downloads).not.toHaveLength(0)
  expect(new Set(await downloads())).toEqual(new Set([true]))
  // It is no session of a sign-in, so it does not go anywhere either.
  await foreign.evaluate(() => {
    location.href = '/elsewhere'
  })
  expect(await foreign.evaluate(() => location.href)).toBe(before)
  expect(app.windows()).toHaveLength(2)
  await provider.stop()
})

test('no inline script, no evaluated text and no foreign frame runs in the page', async ({ start }) => {
  const { page, complaints } = await start()
  await expect(firstRun(page)).toBeVisible()
  const policy =
    (await page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'))) ?? ''
  expect(policy).not.toMatch(/unsafe|\*|blob:|https?:/)
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.ran = "inline"'
    document.head.append(script)
    const image = document.body.appendChild(document.createElement('img'))
    image.setAttribute('onerror', 'window.ran = "handler"')
    image.src = '/nothing.png'
    document.body.appendChild(document.createElement('iframe')).srcdoc = '<script>parent.ran = "frame"</script>'
    const link = document.body.appendChild(document.createElement('a'))
    link.href = 'javascript:window.ran = "link"'
    link.click()
    // Playwright's own world is not bound by the policy of the page; a script of the page would be.
    const text = document.head.appendChild(document.createElement('script'))
    text.src = 'data:text/javascript,window.ran="data"'
  })
  await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(4)
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
  complaints.splice(0)
})

test('a path or host that is not the page’s leads nowhere, however it is written', async ({ start }) => {
  const { page, complaints } = await start()
  await expect(firstRun(page)).toBeVisible()
  const outside = await page.evaluate(async () => {
    const ways = [
      '/../main.js',
      '/..%2fmain.js',
      '/%2e%2e/main.js',
      '/%2e%2e%2fmain.js',
      '/..%5cmain.js',
      '/..\\main.js',
      '/assets/../../main.js',
      '/assets/..%2f..%2fmain.js',
      '//main.js',
      '/./main.js',
      '/index.html%00.js',
      '/%252e%252e%252fmain.js',
      '/etc/passwd',
      '/%2fetc%2fpasswd',
      'app://other/index.html',
      'app://latchkey.example/index.html',
      'file:///etc/passwd',
    ]
    const answers = ways.map((way) =>
      fetch(way).then(
        ({ status }) => ({ way, status }),
        () => ({ way, status: 0 }),
      ),
    )
    return Promise.all(answers)
  })
  expect(outside.filter(({ status }) => status !== 404 && status !== 0)).toEqual([])
  expect(await page.evaluate(async () => (await fetch('/index.html')).status)).toBe(200)
  complaints.splice(0)
})

test('there is one channel into the app, and a webview stays an empty element', async ({ start }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const channels = await app.evaluate(({ ipcMain }) => ({
    // 'error' is Electron's own.
    listeners: ipcMain.eventNames().filter((name) => name !== 'error'),
    // Electron's own record of what `handle` was called with.
    handlers: [...((ipcMain as never as { _invokeHandlers?: Map<string, unknown> })._invokeHandlers?.keys() ?? [])],
  }))
  expect(channels).toEqual({ listeners: [], handlers: ['latchkey:call'] })
  await page.evaluate(() => {
    const view = document.createElement('webview')
    view.setAttribute('src', 'https://example.com/')
    view.setAttribute('nodeintegration', '')
    view.setAttribute('allowpopups', '')
    document.body.append(view)
  })
  expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1)
})

test('only web addresses go to the person’s own browser', async ({ start, person }) => {
  const outside = systemBrowser(person, ['mailto', 'ftp', 'latchkey', 'evil'])
  const { app, page, complaints } = await start()
  await expect(firstRun(page)).toBeVisible()
  await page.evaluate(() => {
    for (const address of [
      'mailto:somebody@example.com',
      'ftp://example.com/',
      'latchkey://settings',
      'evil:--run',
      'file:///etc/passwd',
      'http://example.com/',
      'http://127.0.0.1.example.com/',
      'http://localhost.example.com/',
      'http:\\\\example.com/',
      'smb://example.com/share',
      'javascript:alert(1)',
      'data:text/html,any',
      'https://example.com/the-last',
    ]) {
      window.open(address)
    }
  })
  expect(await outside.nextUrl()).toBe('https://example.com/the-last')
  expect(outside.urls()).toHaveLength(1)
  expect(app.windows()).toHaveLength(1)
  complaints.splice(0)
})

test('every file of the desktop is for its owner alone, under umask 000 and 077', async ({ start, person }) => {
  for (const umask of [0o000, 0o077]) {
    const profile = path.join(person.folder, `profile-${umask}`)
    person.env.LATCHKEY_HOME = profile
    const before = process.umask(umask)
    try {
      const { page, quit } = await start()
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
      await quit()
    } finally {
      process.umask(before)
    }
    const made = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((it) => !it.isSymbolicLink())
    // The port of the debugger that drives this test, and an id for reports of crashes, which are never made.
    const others = ['DevToolsActivePort', 'client_id']
    const wrong = made
      .filter((entry) => !others.includes(entry.name))
      .map((entry) => ({ entry, file: path.join(entry.parentPath, entry.name) }))
      .map(({ entry, file }) => ({ folder: entry.isDirectory(), file, mode: statSync(file).mode & 0o777 }))
      .filter(({ folder, mode }) => mode !== (folder ? 0o700 : 0o600))
    expect(made.length).toBeGreaterThan(20)
    expect(statSync(profile).mode & 0o777).toBe(0o700)
    expect(wrong.map(({ file, mode }) => `${path.relative(profile, file)} ${mode.toString(8)}`)).toEqual([])
  }
})
