import type { Command } from 'commander'
import type { App } from '../../../shared/contract-apps.ts'
import { confirm } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { appHelp, whole } from '../options.ts'
import { aliasesOf, permissionWords } from '../permissions.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, line, list, moment, table } from '../text.ts'
import { futureOrNever, orNull } from '../time.ts'
import { callerWords } from './pair.ts'

const group = 'Programs:'

/** The programs that have been paired. */
export function addApps(program: Command, session: Session): void {
  const apps = program
    .command('apps')
    .helpGroup(group)
    .description('list the programs that may use accounts')
    .action(async () => {
      const found = await session.client.apps()
      const alias = await aliasesOf(
        found.flatMap((it) => it.permissions),
        session,
      )
      session.answer(found, () =>
        found.length === 0
          ? 'No program has been let in yet. latchkey help pairing says how one is.'
          : table(
              ['APP', 'PURPOSE', 'STATE', 'ACCOUNTS', 'LAST USED', 'ENDS'],
              found.map((it) => [
                line(it.name),
                short(line(it.purpose)),
                session.paint(it.state === 'active' ? 'green' : 'yellow', it.state),
                [...new Set(it.permissions.map((permission) => alias(permission.account_id)))].join(', '),
                fromNow(it.last_used_at),
                ending(it),
              ]),
              session.paint,
            ),
      )
    })
  teach(apps, { examples: [['latchkey apps', 'each with its accounts and when it was used last']] })

  const app = program
    .command('app')
    .helpGroup(group)
    .argument('<app>', appHelp)
    .description('show a program and what it may do')
    .action(async (reference: string) => showApp(await session.client.app(reference), session))
  teach(app, {
    examples: [
      ['latchkey app Backup', 'what it may do, each permission with its id'],
      ['latchkey app revoke Backup', 'its key and permissions end at once'],
    ],
    notes: ['An app that is called like one of the commands is named by its id.'],
  })

  const revoke = app
    .command('revoke')
    .argument('<app>', appHelp)
    .description('end an app: its key and its permissions, at once')
    .option('--yes', 'do not ask')
    .action(async (reference: string, options: { yes?: true }) => {
      const found = await session.client.app(reference)
      const question = `${line(found.name)} can use nothing any more, and has to be paired again. Go on?`
      if (!options.yes && !(await confirm(session.io, question, 'Pass --yes to do it.'))) {
        return session.note('Nothing was revoked.')
      }
      await session.client.revokeApp(found.id)
      session.answer({ revoked: found.id }, () => `Revoked ${line(found.name)}.`)
    })
  teach(revoke, { examples: [['latchkey app revoke Backup --yes', 'without asking']] })

  const rename = app
    .command('rename')
    .argument('<app>', appHelp)
    .argument('<name>', 'its new name')
    .description('give an app another name')
    .action(async (reference: string, name: string) => {
      const changed = await session.client.changeApp(reference, { name })
      session.answer(changed, () => `It is called ${line(changed.name)} now.`)
    })
  teach(rename, { examples: [["latchkey app rename Backup 'Nightly backup'", 'its key stays the same']] })

  const expire = app
    .command('expire')
    .argument('<app>', appHelp)
    .description('set when an app ends by itself; a later time brings back one that has ended')
    .option('--on <when>', 'on this day or after this time: 90d, 2027-01-31, or never', futureOrNever)
    .option('--idle-days <number>', 'after so many days without use, or never', idle)
    .action(async (reference: string, { on, idleDays }: { on?: string; idleDays?: number | 'never' }) => {
      if (on === undefined && idleDays === undefined) throw new UsageError('Say when: --on WHEN or --idle-days NUMBER.')
      const changed = await session.client.changeApp(reference, {
        ...(on === undefined ? {} : { expires_at: orNull(on) }),
        ...(idleDays === undefined ? {} : { idle_days: orNull(idleDays) }),
      })
      session.answer(changed, () => `${line(changed.name)} is ${changed.state} and ends: ${ending(changed)}.`)
    })
  teach(expire, {
    examples: [
      ['latchkey app expire Backup --on 90d', 'in three months, whatever happens'],
      ['latchkey app expire Backup --on never --idle-days 30', 'a month after it was used last'],
    ],
  })
}

/** Shows an app with its permissions, as every command does that changed one. */
export async function showApp(app: App, session: Session): Promise<void> {
  const alias = await aliasesOf(app.permissions, session)
  const { paint } = session
  session.answer(app, () => {
    const about = list(
      [
        ['App', paint('bold', line(app.name))],
        ['Id', app.id],
        ['Purpose', line(app.purpose)],
        ['State', `${app.state}${app.reason ? `. ${line(app.reason)}` : ''}`],
        ['Paired', moment(app.created_at)],
        ['Last used', fromNow(app.last_used_at)],
        ['Ends', ending(app)],
        ['Key taken by', callerWords(app.caller)],
      ],
      paint,
    )
    if (app.permissions.length === 0) return `${about}\n\nIt may use no account.`
    const rows = app.permissions.map((it) => [it.id, alias(it.account_id), permissionWords(it)])
    return `${about}\n\n${table(['PERMISSION', 'ACCOUNT', 'MAY'], rows, paint)}`
  })
}

function ending({ expires_at: at, idle_days: days }: App): string {
  const parts = [
    ...(at === null ? [] : [fromNow(at)]),
    ...(days === null ? [] : [`after ${days} day${days === 1 ? '' : 's'} without use`]),
  ]
  return parts.join(', or ') || 'never'
}

function idle(value: string): number | 'never' {
  return value === 'never' ? value : whole(value)
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
