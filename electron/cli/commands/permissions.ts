import type { Command } from 'commander'
import type { Permission } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { UsageError } from '../errors.ts'
import { accountHelp, appHelp } from '../options.ts'
import { narrowed, type PermissionOptions, withPermissionOptions } from '../permissions.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { showApp } from './apps.ts'

const idHelp = 'the id that `latchkey app APP` shows'

/** What apps may do, changed by hand. */
export function addPermissions(program: Command, session: Session): void {
  const permission = program
    .command('permission')
    .helpGroup('Programs:')
    .helpCommand(false)
    .description('grant a paired program more or less; latchkey help permissions explains them')
  teach(permission, {
    examples: [
      ['latchkey permission add Backup practice:ada --right see --right request', 'one more account'],
      ['latchkey permission withdraw perm_1', 'takes one back at once'],
    ],
  })

  const add = withPermissionOptions(
    permission
      .command('add')
      .argument('<app>', appHelp)
      .argument('[account]', `${accountHelp}; not with --new-accounts`)
      .description('let an app do something with an account')
      .option('--new-accounts', 'for the accounts that the app connects by itself'),
  ).action(async (app: string, account: string | undefined, options: PermissionOptions & { newAccounts?: true }) => {
    if ((account === undefined) !== (options.newAccounts === true)) {
      throw new UsageError('Name an account, or say --new-accounts.')
    }
    await showApp(await session.client.addPermission(app, narrowed({ rights: [] }, account ?? null, options)), session)
  })
  teach(add, {
    examples: [
      [
        'latchkey permission add Backup practice:ada --right see --right request',
        'signed requests to every host of it',
      ],
      [
        'latchkey permission add Backup practice:ada --right request --method GET --path /api --until 30d',
        'reading below /api, for a month',
      ],
      ['latchkey permission add Backup --new-accounts --right connect --right request', 'what it connects itself'],
    ],
    notes: ['Host, method and path narrow the right request. A token can be sent anywhere, whatever they say.'],
  })

  const change = withPermissionOptions(
    permission
      .command('change')
      .argument('<permission>', idHelp)
      .description('change a permission; the rest of it stays'),
    true,
  ).action(async (id: string, options: PermissionOptions) => {
    if (Object.keys(options).length === 0) throw new UsageError('Say what to change, such as --right see.')
    const now = await permissionOf(id, session)
    await showApp(await session.client.changePermission(id, narrowed(now, now.account_id, options)), session)
  })
  teach(change, {
    examples: [
      ['latchkey permission change perm_1 --right see', 'these rights instead of the ones it had'],
      ['latchkey permission change perm_1 --path any --until never', 'takes two narrowings away'],
    ],
  })

  const withdraw = permission
    .command('withdraw')
    .argument('<permission>', idHelp)
    .description('take a permission back, at once; the app stays paired')
    .action(async (id: string) => showApp(await session.client.withdrawPermission(id), session))
  teach(withdraw, { examples: [['latchkey permission withdraw perm_1', 'the app is refused from now on']] })
}

async function permissionOf(id: string, session: Session): Promise<Permission> {
  for (const app of await session.client.apps()) {
    const found = app.permissions.find((it) => it.id === id)
    if (found) return found
  }
  throw new LatchkeyError('not_found', 'There is no such permission.', {
    action: { text: 'Their ids:', command: 'latchkey app APP' },
  })
}
