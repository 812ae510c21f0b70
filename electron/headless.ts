import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import type { Ask } from '../shared/contract-apps.ts'
import { line } from './cli/text.ts'
import { compose, type Latchkey } from './compose.ts'
import { systemBrowser } from './platform/browser.ts'
import { hardenProcess } from './platform/hardening.ts'
import { type ProfilePaths, profilePaths, withProfile } from './platform/paths.ts'
import { hostArguments } from './platform/profiles.ts'
import { askSecret } from './platform/terminal.ts'
import { memoryOnlyWarning } from './services/memory-only.ts'
import { osKeyringGuard } from './vault/os-keyring-guard.ts'
import { ProfileInUse } from './vault/profile-lock.ts'

/** The built page lies beside the built entry. */
const pageDir = path.join(path.dirname(fileURLToPath(import.meta.url)), 'renderer')
const say = (line: string) => process.stderr.write(`${line}\n`)

/**
 * Starts the headless host and prints the one-time link to its page. Resolves when it has been told to end.
 *
 * @param options.memory Keeps the vault in memory, and nothing of it when it ends.
 */
export async function serve(
  env: NodeJS.ProcessEnv = process.env,
  { memory = false }: { memory?: boolean } = {},
): Promise<void> {
  hardenProcess()
  hardenProcess()
  const paths = profilePaths(env)
  let latchkey: Latchkey
  try {
    latchkey = await compose({
      host: 'headless',
      version: packageJson.version,
      paths,
      browser: systemBrowser(env),
      windows: null,
      automaticGuard: osKeyringGuard({ env }),
      // Whoever names a file with a passphrase wants the vault under it.
      passphraseFirst: Boolean(env.LATCHKEY_PASSPHRASE_FILE),
      memoryOnly: memory,
      pageDir,
    })
  } catch (error) {
    if (!(error instanceof ProfileInUse)) throw error
    say(`Latchkey is running for this profile already (process ${error.pid}). Use 'latchkey status' to look at it.`)
    process.exitCode = 1
    return
  }
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  try {
    if (!memory) await openWithFile(latchkey, env)
    announce(latchkey, paths)
    if (memory) say(`\n${memoryOnlyWarning}`)
    if (process.stderr.isTTY) sayAsks(latchkey)
    if (!env.LATCHKEY_PASSPHRASE_FILE && process.stdin.isTTY) await Promise.race([askInTerminal(latchkey), ended])
    await ended
  } finally {
    await latchkey.close()
  }
}

function announce(latchkey: Latchkey, paths: ProfilePaths) {
  say(`Latchkey ${packageJson.version} runs without a window. Profile: ${paths.home}`)
  say(`Local API: ${latchkey.api.http} and ${latchkey.api.socket}`)
  say('')
  say('Open its page with this link (it works once, for ten minutes):')
  say(`  ${latchkey.api.oneTimeLink()}`)
  say('')
  say("Another link: 'latchkey page'. Stop with Ctrl+C.")
}

/** One line for each program that asks for access, however often it repeats that. */
function sayAsks({ events, dispatch }: Latchkey) {
  const told = new Set<string>()
  events.on((event) => {
    if (event.type !== 'ask' || event.state !== 'waiting' || told.has(event.ask_id)) return
    told.add(event.ask_id)
    dispatch('asks.get', { ask: event.ask_id }, { kind: 'latchkey' }).then(
      (answer) => {
        const { name, code } = answer as Ask
        // The name is the program's own: it may hold anything that a terminal would obey.
        say(`${line(name)} asks for access. Answer in the page, or: latchkey pair approve ${code}`)
      },
      // It was answered meanwhile.
      () => undefined,
    )
  })
}

async function state(latchkey: Latchkey): Promise<string> {
  const status = (await latchkey.dispatch('vault.status', {}, { kind: 'cli' })) as { state: string }
  return status.state
}

/** `LATCHKEY_PASSPHRASE_FILE`: the passphrase is the file's first line. Sets it for a new vault, else unlocks. */
async function openWithFile(latchkey: Latchkey, env: NodeJS.ProcessEnv) {
  const file = env.LATCHKEY_PASSPHRASE_FILE
  if (!file) return
  const passphrase = fs.readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? ''
  const method = (await state(latchkey)) === 'new' ? 'vault.setup' : 'vault.unlock'
  try {
    await latchkey.dispatch(method, { passphrase }, { kind: 'cli' })
  } catch (error) {
    throw new Error(`LATCHKEY_PASSPHRASE_FILE: ${(error as Error).message}`)
  }
}

/** Asks where a person sits at the terminal. An empty line leaves it to the page. */
async function askInTerminal(latchkey: Latchkey) {
  for (;;) {
    const now = await state(latchkey)
    if (now === 'unlocked') return
    const first = await askSecret(
      now === 'new'
        ? 'Choose a passphrase for the vault (or press Enter to do it in the page): '
        : 'Passphrase (or press Enter to unlock in the page): ',
    )
    if (!first) return
    if (now === 'new' && (await askSecret('The same again: ')) !== first) {
      say('The two were not the same.')
      continue
    }
    try {
      await latchkey.dispatch(now === 'new' ? 'vault.setup' : 'vault.unlock', { passphrase: first }, { kind: 'cli' })
      say('The vault is unlocked.')
    } catch (error) {
      say((error as Error).message)
    }
  }
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  Promise.resolve()
    .then(() => {
      const { profile, memory } = hostArguments(process.argv.slice(2))
      return serve(withProfile(process.env, profile), { memory })
    })
    .then(
      // Servers are closed; what a library may still hold open must not keep the process.
      () => process.exit(),
      (error: Error) => {
        say(`latchkey: ${error.message}`)
        process.exit(1)
      },
    )
}
