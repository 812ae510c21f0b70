import path from 'node:path'
import { type ElectronApplication, _electron as electron, expect, type Page } from '@playwright/test'
import { electronFile, root, sandboxArgs } from './requirements.ts'

/** The desktop app, started as `npm start` starts it. */
export interface Desktop {
  app: ElectronApplication
  page: Page
  /** Everything that the process has written to its terminal. */
  output(): string
  /**
   * Errors on the page's console so far, those of the content security policy among them. There must be none at the end:
   * a test that causes some on purpose takes them out.
   */
  complaints: string[]
  /** Ends it; resolves when the process is gone. */
  quit(): Promise<void>
}

export type PasswordStore = 'gnome-libsecret' | 'basic'

export async function startDesktop(options: {
  env: NodeJS.ProcessEnv
  passwordStore: PasswordStore
  /** Modules of this folder to load in front of the app. */
  preload?: string[]
}): Promise<Desktop> {
  const preload = ['hold-ready.cjs', ...(options.preload ?? [])]
  const app = await electron.launch({
    executablePath: electronFile() ?? undefined,
    args: [
      ...preload.flatMap((name) => ['-r', path.join(import.meta.dirname, name)]),
      root,
      ...sandboxArgs,
      `--password-store=${options.passwordStore}`,
    ],
    env: defined(options.env),
  })
  let output = ''
  let failed: (error: Error) => void = () => undefined
  const failure = new Promise<never>((_resolve, reject) => {
    failed = reject
  })
  failure.catch(() => undefined)
  const hear = (chunk: Buffer) => {
    output += chunk.toString()
    // What failToStart says before it opens a box that nobody here would close.
    if (/^latchkey: /m.test(output)) failed(new Error(`The app did not start:\n${output}`))
  }
  app.process().stdout?.on('data', hear)
  app.process().stderr?.on('data', hear)

  const page = await Promise.race([app.firstWindow(), failure])
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await expect(page).toHaveURL(/^app:\/\/latchkey\//)
  return { app, page, output: () => output, complaints, quit: () => app.close() }
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
