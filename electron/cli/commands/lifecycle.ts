import type { Command } from 'commander'
import type { Effects, LifecycleAction } from '../../../shared/contract-records.ts'
import type { Account, Registration } from '../../../shared/models.ts'
import { confirm } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { accountHelp } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line } from '../text.ts'
import { accountLine } from '../words.ts'

const group = 'Accounts:'

interface Options {
  registration?: string
  yes?: true
}
type Target = { account: string } | { registration: string }

/** Enable, disable, reset and revoke, each for one account or for everything of one registration. */
export function addLifecycle(program: Command, session: Session): void {
  const command = (name: string, description: string, does: string) =>
    teach(program.command(name), {
      examples: [
        [`latchkey ${name} practice:ada`, does],
        [`latchkey ${name} --registration reg_1`, 'the same for every account of a registration'],
      ],
    })
      .helpGroup(group)
      .argument('[account]', accountHelp)
      .description(description)
      .option('--registration <registration>', 'all of a registration, by the id that `latchkey registrations` shows')

  const change = (name: 'enable' | 'disable' | 'reset', description: string, does: string) =>
    command(name, description, does).action(async (account: string | undefined, options: Options) => {
      const target = targetOf(account, options)
      if ('account' in target) showAccount(await session.client[name](target.account), session)
      else showRegistration(await session.client.registrationAction(target.registration, name), session)
    })
  change('enable', 'let an account be used again, just as it was', 'no sign-in is needed')
  change('disable', 'keep the tokens of an account, and let nothing use them', 'until latchkey enable')
  change('reset', 'forget the tokens, keep the account; the next use needs a sign-in', 'the provider is not told')

  command(
    'revoke',
    'end the grant at the provider, then forget the tokens; the account stays',
    'asks first; --yes does not',
  )
    .option('--yes', 'do not ask')
    .action(async (account: string | undefined, options: Options) => {
      const target = targetOf(account, options)
      if (!options.yes && !(await confirmed(target, 'revoke', session))) return session.note('Nothing was revoked.')
      if ('account' in target) return showAccount(await session.client.revoke(target.account), session)
      const { registration, accounts } = await session.client.revokeRegistration(target.registration)
      session.answer({ registration, accounts }, () =>
        accounts.length === 0
          ? 'There was no grant to end.'
          : accounts
              .map(({ alias, told, reason }) => `${line(alias)}: ${told ? 'revoked' : `kept. ${line(reason ?? '')}`}`)
              .join('\n'),
      )
    })
}

/** Shows what will be touched and asks. Without a terminal it says which option answers. */
export async function confirmed(target: Target, action: LifecycleAction, session: Session): Promise<boolean> {
  const effects =
    'account' in target
      ? await session.client.effects(target.account, action)
      : await session.client.registrationEffects(target.registration, action)
  return confirm(session.io, `${told(effects)}\nGo on?`, 'Pass --yes to do it.')
}

const told = ({ sentences }: Effects): string => sentences.map((sentence) => line(sentence)).join('\n')

function targetOf(account: string | undefined, { registration }: Options): Target {
  if (account !== undefined && registration === undefined) return { account }
  if (account === undefined && registration !== undefined) return { registration }
  throw new UsageError('Name an account, or a registration with --registration.')
}

function showAccount(account: Account, session: Session): void {
  session.answer(account, () => accountLine(account, session.paint))
}

function showRegistration(registration: Registration, session: Session): void {
  const { name, enabled, accounts } = registration
  session.answer(
    registration,
    () => `${line(name)} is ${enabled ? 'enabled' : 'disabled'}, with ${accounts} account${accounts === 1 ? '' : 's'}.`,
  )
}
