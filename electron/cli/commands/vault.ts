import type { Command } from 'commander'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { VaultStatus } from '../../../shared/models.ts'
import { readSecret } from '../secret.ts'
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
      const file = options.passphraseFile
      const asks = vault.guards.includes('passphrase')
      const typed = asks
        ? await readSecret({ name: 'passphrase', option: '--passphrase-file', file }, session)
        : undefined
      show(await session.client.unlock(typed))
    })
}
