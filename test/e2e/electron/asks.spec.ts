import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { start as startProgram } from '../support/children.ts'
import { expect, test } from '../support/desktop-test.ts'
import { localApi } from '../support/local-api.ts'
import { electronFile, root, sandboxArgs } from '../support/requirements.ts'
import { firstRun } from '../support/steps.ts'

interface Shown {
  title: string
  body: string
  emit(event: string): void
}

/** Notes notifications in place of showing them: no service for them runs in a test. */
async function noteNotifications(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Notification }) => {
    const shown: Shown[] = []
    Object.assign(globalThis, { shown })
    Notification.isSupported = () => true
    Notification.prototype.show = function show(this: Shown) {
      shown.push(this)
    }
  })
}

const notifications = (app: ElectronApplication) =>
  app.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown.map(({ title, body }) => ({ title, body })))

async function ask(profile: string, name: string): Promise<string> {
  const response = await fetch(new URL('/v1/pair', localApi(profile).http), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, purpose: 'Tries out pairing.' }),
  })
  expect(response.ok).toBe(true)
  return ((await response.json()) as { code: string }).code
}

test('[E17] a program that asks is notified while the window has not the focus; a click opens what it asks', async ({
  start,
  person,
}) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  await noteNotifications(app)
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window) window.isFocused = () => false
  })
  const code = await ask(person.profile, 'Mail sync')
  await expect
    .poll(() => notifications(app))
    .toEqual([{ title: 'Mail sync asks for access', body: `Code ${code}. Open Latchkey to answer.` }])
  expect(page.url(), 'nothing opens by itself').not.toContain('/apps')
  await app.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown[0]?.emit('click'))
  await expect(page.getByRole('dialog', { name: 'Pair Mail sync?' }).getByText(code)).toBeVisible()

  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window) window.isFocused = () => true
  })
  await page.getByRole('button', { name: 'Deny' }).last().click()
  await ask(person.profile, 'Backup')
  await expect(page.getByRole('heading', { level: 3, name: 'Backup' })).toBeVisible()
  expect(await notifications(app)).toHaveLength(1)
})

test('[E17] a link with the code of an ask leads to it', async ({ start, person }) => {
  const { page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const code = await ask(person.profile, 'Mail sync')
  const link = `latchkey://asks/${code}`
  const args = [root, ...sandboxArgs, '--password-store=gnome-libsecret', link]
  expect(await startProgram(electronFile() ?? '', args, { env: person.env }).ended).toBe(0)
  await expect(page.getByRole('dialog', { name: 'Pair Mail sync?' })).toBeVisible()
})

test('[F14] the page saves what it made itself, with the save dialog, and nothing else', async ({ start, person }) => {
  const { app, page } = await start()
  await expect(firstRun(page)).toBeVisible()
  const file = path.join(person.folder, 'saved.jsonl')
  // Comes after the guard: what the guard has refused is over, and what it lets through would ask where to.
  await app.evaluate(({ session }, to) => {
    const downloads: { url: string; refused: boolean; asks: string | undefined }[] = []
    Object.assign(globalThis, { downloads })
    session.defaultSession.on('will-download', (event, item) => {
      const asks = item.getSaveDialogOptions().defaultPath
      downloads.push({ url: item.getURL(), refused: event.defaultPrevented, asks })
      if (!event.defaultPrevented) item.setSavePath(to)
    })
  }, file)
  const downloads = () =>
    app.evaluate(() => (globalThis as unknown as { downloads: { refused: boolean; asks?: string }[] }).downloads)

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('button', { name: 'Export' }).click()
  await expect.poll(downloads).toMatchObject([{ refused: false }])
  expect((await downloads())[0]?.asks).toMatch(/latchkey-activity-.*\.jsonl$/)
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').includes('"kind":"vault"')).toBe(true)

  // What is refused leaves nothing to wait for: a download that is let through comes after it.
  await page.evaluate(() => {
    const save = (href: string) => Object.assign(document.createElement('a'), { href, download: 'x.txt' }).click()
    save('data:text/plain,hello')
    save('app://latchkey/index.html')
    save(URL.createObjectURL(new Blob(['the last'])))
  })
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe('the last')
  const [, ...later] = await downloads()
  expect(later.filter(({ refused }) => !refused)).toHaveLength(1)
})
