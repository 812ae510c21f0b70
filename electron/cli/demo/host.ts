import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type ProfilePaths, profilePaths } from '../../platform/paths.ts'
import { NotRunning } from '../errors.ts'
import { connectToHost, readEndpoint } from '../transport.ts'
import { until } from './until.ts'

/**
 * The passphrase of a profile that `demo --home DIR` made: written down here and in the README, because that profile
 * holds a practice account and nothing else. A demo without --home uses a random one, which nobody ever sees.
 */
export const demoPassphrase = 'latchkey practice demo'

export interface DemoHost {
  paths: ProfilePaths
  /** How the profile is protected, in words. */
  protection: string
  stop(): Promise<void>
}

/** Starts a headless host as a process of its own, for `home` or for a temporary profile. */
export async function startHost(options: {
  hostEntry: string
  env: NodeJS.ProcessEnv
  home: string | undefined
  signal: AbortSignal
}): Promise<DemoHost> {
  const own = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-demo-'))
  let child: ChildProcess | null = null
  const stop = async () => {
    if (child) await end(child)
    fs.rmSync(own, { recursive: true, force: true })
  }
  try {
    const home = options.home ?? path.join(own, 'profile')
    fs.mkdirSync(home, { recursive: true, mode: 0o700 })
    const given = options.home ? options.env.LATCHKEY_PASSPHRASE_FILE : undefined
    const file = given ?? path.join(own, 'passphrase')
    // Beside the profile, never in it, and gone as soon as the host has read it.
    if (!given) {
      const passphrase = options.home ? demoPassphrase : randomBytes(24).toString('base64url')
      fs.writeFileSync(file, `${passphrase}\n`, { mode: 0o600 })
    }
    const env = { ...options.env, LATCHKEY_HOME: home, LATCHKEY_PASSPHRASE_FILE: file }
    const paths = profilePaths(env)
    child = spawn(process.execPath, [options.hostEntry], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    await started(child, paths, options.signal)
    if (!given) fs.rmSync(file, { force: true })
    return { paths, protection: protection(options.home, given), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function protection(home: string | undefined, given: string | undefined): string {
  if (given) return 'the passphrase of LATCHKEY_PASSPHRASE_FILE'
  return home ? `the demo passphrase "${demoPassphrase}"` : 'a random passphrase'
}

/** Waits until this very process answers with its vault unlocked; says what it said when it ends instead. */
async function started(child: ChildProcess, paths: ProfilePaths, signal: AbortSignal): Promise<void> {
  let said = ''
  // The one-time link to the page is among it; nothing of it is shown unless the host fails.
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  child.once('error', (error) => {
    said += error.message
  })
  const check = () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) return
    throw new Error(
      `The headless host did not start: ${said.trim() || `it ended with ${child.signalCode ?? child.exitCode}`}`,
    )
  }
  await until('the host has started', 20_000, signal, () => {
    check()
    return readEndpoint(paths.endpoint)?.pid === child.pid ? true : null
  })
  const host = connectToHost(paths, signal)
  try {
    await until('the vault is unlocked', 20_000, signal, async () => {
      check()
      const { vault } = await host.client.status()
      return vault.state === 'unlocked' ? true : null
    })
  } catch (error) {
    // It reads the passphrase after it has begun to listen, and ends when that does not open the vault.
    if (error instanceof NotRunning) {
      await until('the host has ended', 5_000, signal, () => {
        check()
        return null
      })
    }
    throw error
  } finally {
    await host.close()
  }
}

/** Ends the process by its id: politely, then for sure. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const last = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await exited
  clearTimeout(last)
}
