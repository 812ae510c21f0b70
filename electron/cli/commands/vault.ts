import fs from 'node:fs'
import type { Command } from 'commander'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { VaultStatus } from '../../../shared/models.ts'
import { askSecret } from '../../platform/terminal.ts'
import { canAsk, readAll } from '../ask.ts'
import { Interrupted, UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { line } from '../text.ts'

const group = 'Latchkey itself:'

export function addVault(program: Command, session: Session): void {
  const show = (vault: VaultStatus) => session.answer(vault, () => `The vault is ${vault.state}. ${line(vault.reason)}`)

  program
    .command('lock')
    .helpGroup(group)
    .description('forget the key of the vault until it is unlocked again')
    .action(async () => show(await session.client.lock()))

  program
    .command('unlock')
    .helpGroup(group)
    .description(
      'unlock the vault with its passphrase, asked for at the terminal, or with the key store where it has none',
    )
    .option('--passphrase-file <file>', "read the passphrase from this file's first line; - reads standard input")
    .action(async (options: { passphraseFile?: string }) => {
      const { vault } = await session.client.status()
      if (vault.state === 'unlocked') return show(vault)
      if (vault.state === 'new') {
        throw new LatchkeyError('locked', 'There is no vault yet: its passphrase is chosen on the page.', {
          action: { text: 'Open the page:', command: 'latchkey page' },
        })
      }
      const asks = vault.guards.includes('passphrase')
      show(await session.client.unlock(asks ? await passphrase(options.passphraseFile, session) : undefined))
    })
}

async function passphrase(file: string | undefined, session: Session): Promise<string> {
  if (file === undefined) {
    if (!canAsk(session.io)) throw new UsageError('There is no terminal to ask at. Pass --passphrase-file FILE.')
    const typed = await askSecret('Passphrase: ')
    if (typed === '') throw new Interrupted()
    return typed
  }
  const text = file === '-' ? (await readAll(session.io)).toString('utf8') : readFile(file)
  const first = text.split(/\r?\n/, 1)[0]
  if (!first) throw new UsageError('There is no passphrase on the first line of what --passphrase-file names.')
  return first
}

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--passphrase-file: ${(error as Error).message}`)
  }
}
