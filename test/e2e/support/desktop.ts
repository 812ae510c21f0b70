import { type ElectronApplication, _electron as electron, expect, type Page } from '@playwright/test'
import { electronFile, root, sandboxArgs } from './requirements.ts'

/** The desktop app, started as `npm start` starts it. */
export interface Desktop {
  app: ElectronApplication
  page: Page
  /** Everything that the process has written to its terminal. */
  output(): string
  /** Ends it as a person would, by closing it; resolves when the process is gone. */
  quit(): Promise<void>
}

export type PasswordStore = 'gnome-libsecret' | 'basic'

export async function startDesktop(options: {
  env: NodeJS.ProcessEnv
  passwordStore: PasswordStore
  args?: string[]
}): Promise<Desktop> {
  const app = await electron.launch({
    // Given, or Playwright would itself ask for the password store that is none.
    executablePath: electronFile() ?? undefined,
    args: [root, ...sandboxArgs, `--password-store=${options.passwordStore}`, ...(options.args ?? [])],
    env: defined(options.env),
  })
  let output = ''
  const child = app.process()
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const page = await app.firstWindow()
  await expect(page).toHaveURL(/^app:\/\/latchkey\//)
  return { app, page, output: () => output, quit: () => app.close() }
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
