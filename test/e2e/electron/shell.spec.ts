import path from 'node:path'
import { start as startProgram } from '../support/children.ts'
import { expect, test } from '../support/desktop-test.ts'
import { startHeadless } from '../support/headless.ts'
import { electronFile, root, sandboxArgs } from '../support/requirements.ts'
import { firstRun } from '../support/steps.ts'
import { systemBrowser } from '../support/system-browser.ts'

test('the page comes with the strict policy, from a list of files', async ({ start }) => {
  const { page, complaints } = await start()
  const answers = await page.evaluate(async () => {
    const ask = async (path: string, method = 'GET') => {
      const response = await fetch(path, { method })
      return { status: response.status, headers: Object.fromEntries(response.headers) }
    }
    return {
      page: await ask('/index.html'),
      main: await ask('/main.js'),
      up: await ask('/..%2fmain.js'),
      encoded: await ask('/%2e%2e/%2e%2e/package.json'),
      post: await ask('/index.html', 'POST'),
    }
  })
  expect(answers.page.status).toBe(200)
  expect(answers.page.headers).toMatchObject({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  })
  expect([answers.main.status, answers.up.status, answers.encoded.status, answers.post.status]).toEqual([
    404, 404, 404, 405,
  ])
  expect(complaints.splice(0)).toHaveLength(4)
})

test('the page has the bridge and nothing else of Electron or Node', async ({ start }) => {
  const { page } = await start()
  const world = await page.evaluate(() => ({
    bridge: Object.keys(window.latchkey ?? {}).sort(),
    frozen: Object.isFrozen(window.latchkey),
    leaks: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
  }))
  expect(world).toEqual({ bridge: ['call', 'onEvent'], frozen: true, leaks: [] })
})

test('only the methods of the contract can be called, and errors keep their code', async ({ start }) => {
  const { page } = await start()
  const answers = await page.evaluate(async () => [
    await window.latchkey?.call('tokens.get', {}),
    await window.latchkey?.call('__proto__', {}),
    await window.latchkey?.call('accounts.get', { account: 'nobody' }),
  ])
  expect(answers).toMatchObject([
    { ok: false, error: { code: 'invalid_request' } },
    { ok: false, error: { code: 'invalid_request' } },
    { ok: false, error: { code: 'not_found' } },
  ])
})

test('a frame that is not our page gets no answer over the channel', async ({ start }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const opened = app.waitForEvent('window')
  // A window as a defect could make one: with our preload script and a page that is not ours.
  await app.evaluate(
    ({ BrowserWindow }, preload) => {
      const window = new BrowserWindow({ webPreferences: { preload, sandbox: true } })
      void window.loadURL('about:blank')
    },
    path.join(root, 'dist/preload.cjs'),
  )
  const other = await opened
  const answer = await other.evaluate(() => window.latchkey?.call('app.info', {}))
  expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  await other.close()
})

test('the page cannot leave, open windows, reach the network, or ask for permissions', async ({ start }) => {
  const { app, page, complaints } = await start()
  await expect(firstRun(page)).toBeVisible()
  const before = page.url()
  const tried = await page.evaluate(async () => {
    const permission = await navigator.permissions.query({ name: 'notifications' })
    const refused = (work: Promise<unknown>) => work.then(() => false).catch(() => true)
    return {
      window: window.open('file:///etc/hostname') === null,
      ownWindow: window.open('app://latchkey/') === null,
      notifications: permission.state,
      clipboard: await refused(navigator.clipboard.readText()),
      location: await refused(
        new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
      ),
      media: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
    }
  })
  expect(tried).toEqual({
    window: true,
    ownWindow: true,
    notifications: 'denied',
    clipboard: true,
    location: true,
    media: true,
  })
  for (const url of ['https://example.com/', 'file:///etc/hostname', 'app://other/', 'data:text/html,hello']) {
    await page.evaluate((to) => {
      location.href = to
    }, url)
  }
  // Playwright's locators wait for those navigations, which never come; the page itself is asked.
  const after = await page.evaluate(() => ({ url: location.href, heading: document.querySelector('h1')?.textContent }))
  expect(after).toEqual({ url: before, heading: 'Connect once. Every program can use it.' })
  expect(complaints.splice(0)).toEqual([
    'Not allowed to load local resource: file:///etc/hostname',
    'Not allowed to load local resource: file:///etc/hostname',
    'Not allowed to navigate top frame to data URL: data:text/html,hello',
  ])
  expect(app.windows()).toHaveLength(1)

  const offline = await app.evaluate(({ net }) =>
    net.fetch('http://127.0.0.1:9/', { bypassCustomProtocolHandlers: true }).then(
      () => 'answered',
      (error: Error) => error.message,
    ),
  )
  expect(offline).toContain('ERR_BLOCKED_BY_CLIENT')
})

test('a link to documentation opens in the person’s own browser', async ({ start, person }) => {
  const browser = systemBrowser(person)
  const { app, page } = await start()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Providers' }).click()
  await page
    .getByRole('link', { name: /GitHub/ })
    .first()
    .click()
  const link = page.getByRole('link', { name: /Documentation/ })
  const address = await link.getAttribute('href')
  await link.click()
  expect(await browser.nextUrl()).toBe(address)
  expect(app.windows()).toHaveLength(1)
})

test('a second start brings the first forward and ends; a link leads to its page', async ({ start, person }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const second = startProgram(
    electronFile() ?? '',
    [root, ...sandboxArgs, '--password-store=gnome-libsecret', 'latchkey://settings'],
    { env: person.env },
  )
  expect(await second.ended).toBe(0)
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((it) => it.isMinimized())))
    .toEqual([false])
})

test('while the desktop holds the profile, the headless host says who has it', async ({ start, person }) => {
  const { app } = await start()
  const pid = await app.evaluate(() => process.pid)
  const headless = startProgram(process.execPath, [`${root}/dist/headless.js`], { env: person.env })
  expect(await headless.ended).not.toBe(0)
  expect(headless.output()).toContain(String(pid))
})

test('while the headless host holds the profile, the desktop says who has it and leaves it alone', async ({
  person,
}) => {
  const headless = await startHeadless(person)
  const desktop = startProgram(electronFile() ?? '', [root, ...sandboxArgs, '--password-store=basic'], {
    env: person.env,
  })
  try {
    const [line] = await desktop.says(/^latchkey: .+$/m)
    expect(line).toContain(String(headless.process.pid))
    expect((await fetch(new URL('/v1/health', headless.link))).status).toBe(200)
  } finally {
    await desktop.stop()
    await headless.stop()
  }
})

test('the window comes back where it was', async ({ start }) => {
  const first = await start()
  const wanted = { x: 60, y: 80, width: 900, height: 640 }
  await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), wanted)
  await expect.poll(() => bounds(first.app)).toEqual(wanted)
  await first.quit()
  const second = await start()
  expect(await bounds(second.app)).toEqual(wanted)
})

test('Ctrl+, opens the settings', async ({ start }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
    items.find((item) => item.accelerator === 'CmdOrCtrl+,')?.click()
  })
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})

function bounds(app: import('@playwright/test').ElectronApplication) {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
}
