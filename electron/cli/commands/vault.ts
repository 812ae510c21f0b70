import type { Command } from 'commander'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { VaultStatus } from '../../../shared/models.ts'
import { readSecret } from '../secret.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line } from '../text.ts'

const group = 'Latchkey itself:'

export function addVault(program: Command, session: Session): void {
  const show = (vault: VaultStatus) => session.answer(vault, () => `The vault is ${vault.state}. ${line(vault.reason)}`)

  teach(program.command('lock'), {
    examples: [['latchkey lock', 'nothing can be signed until it is unlocked']],
  })
    .helpGroup(group)
    .description('forget the key of the vault until it is unlocked again')
    .action(async () => show(await session.client.lock()))

  teach(program.command('unlock'), {
    examples: [
      ['latchkey unlock', 'asks for the passphrase'],
      ['latchkey unlock --passphrase-file secret.txt', 'reads it from a file'],
      ['latchkey unlock --editing', 'lets providers and registrations be changed for five minutes'],
    ],
  })
    .helpGroup(group)
    .description(
      'unlock the vault with its passphrase, asked for at the terminal, or with the key store where it has none',
    )
    .option('--passphrase-file <file>', "read the passphrase from this file's first line; - reads standard input")
    .option('--editing', 'unlock changes to providers and registrations, where latchkey edit-lock is on')
    .action(async (options: { passphraseFile?: string; editing?: boolean }) => {
      if (options.editing) return unlockEditing(options.passphraseFile, session)
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

async function unlockEditing(file: string | undefined, session: Session): Promise<void> {
  const passphrase = await readSecret({ name: 'passphrase', option: '--passphrase-file', file }, session)
  const details = await session.client.unlockEditing(passphrase)
  session.answer(details.edit_lock, () =>
    details.edit_lock.enabled
      ? 'Providers and registrations can be changed for five minutes.'
      : 'Nothing asks for the passphrase: latchkey edit-lock is off.',
  )
}
