import { type Command, InvalidArgumentError } from 'commander'
import type { LockSettings } from '../../../shared/contract-vault.ts'
import { whole } from '../options.ts'
import { readSecret } from '../secret.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { list } from '../text.ts'

const group = 'Latchkey itself:'

/** Minutes; 0 for `never`, because commander takes null for a value that was left out. */
const minutes = (value: string): number => (value === 'never' ? 0 : whole(value))

function onOff(value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on'
  throw new InvalidArgumentError('It is on or off.')
}

interface AutoLockOptions {
  idle?: number
  after?: number
  screen?: boolean
  suspend?: boolean
}

export function addLocking(program: Command, session: Session): void {
  teach(program.command('auto-lock'), {
    examples: [
      ['latchkey auto-lock', 'when the vault locks by itself'],
      ['latchkey auto-lock --idle 15 --suspend on', 'after 15 minutes without use, and when the computer sleeps'],
      ['latchkey auto-lock --idle never', 'no longer for want of use'],
    ],
    notes: [
      'A use is what you or a program does with an account. Programs that work while you are away need it unlocked.',
    ],
  })
    .helpGroup(group)
    .description('show or set when the vault locks by itself')
    .option('--idle <minutes>', 'after so many minutes without any use, or never', minutes)
    .option('--after <minutes>', 'so many minutes after it was unlocked, used or not, or never', minutes)
    .option('--screen <on|off>', 'when the screen is locked (desktop app on macOS and Windows)', onOff)
    .option('--suspend <on|off>', 'when the computer goes to sleep (desktop app)', onOff)
    .action(async (options: AutoLockOptions) => {
      const { lock: now } = await session.client.vaultDetails()
      const wanted: LockSettings = {
        idle_minutes: options.idle === undefined ? now.idle_minutes : options.idle || null,
        after_minutes: options.after === undefined ? now.after_minutes : options.after || null,
        on_screen_lock: options.screen ?? now.on_screen_lock,
        on_suspend: options.suspend ?? now.on_suspend,
      }
      const changed = Object.keys(options).length > 0
      const { lock } = changed ? await session.client.setLock(wanted) : { lock: now }
      session.answer(lock, () => inWords(lock, session))
    })

  teach(program.command('edit-lock'), {
    examples: [
      ['latchkey edit-lock', 'whether changes ask for the passphrase'],
      ['latchkey edit-lock on', 'asks for the passphrase of the vault, now and from then on'],
    ],
    notes: ['While it is on, latchkey unlock --editing lets changes through for five minutes.'],
  })
    .helpGroup(group)
    .description('show or set whether changes to providers and registrations ask for the passphrase')
    .argument('[on|off]', 'ask for it, or do not', onOff)
    .option('--passphrase-file <file>', "read the passphrase from this file's first line; - reads standard input")
    .action(async (enabled: boolean | undefined, options: { passphraseFile?: string }) => {
      const details =
        enabled === undefined
          ? await session.client.vaultDetails()
          : await session.client.setEditLock(
              enabled,
              await readSecret(
                { name: 'passphrase', option: '--passphrase-file', file: options.passphraseFile },
                session,
              ),
            )
      session.answer(details.edit_lock, () =>
        details.edit_lock.enabled
          ? 'Changes to providers and registrations ask for the passphrase.'
          : 'Changes to providers and registrations do not ask for the passphrase.',
      )
    })
}

function inWords(lock: LockSettings, { paint }: Session): string {
  const time = (minutes: number | null) => (minutes === null ? 'never' : `${minutes} min`)
  return list(
    [
      ['Without use', time(lock.idle_minutes)],
      ['After unlocking', time(lock.after_minutes)],
      ['Screen locked', lock.on_screen_lock ? 'locks' : 'stays open'],
      ['Sleep', lock.on_suspend ? 'locks' : 'stays open'],
    ],
    paint,
  )
}
