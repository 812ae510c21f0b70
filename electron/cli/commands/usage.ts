import type { Command } from 'commander'
import type { Usage } from '../../../shared/contract-apps.ts'
import { accountHelp, whole } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, line, table } from '../text.ts'

export function addUsage(program: Command, session: Session): void {
  const usage = program
    .command('usage')
    .helpGroup('Accounts:')
    .argument('<account>', accountHelp)
    .description('show who used an account for what, who may, and which scopes nobody needed')
    .option('--days <number>', 'look back this many days, up to 90', whole, 30)
    .action(async (account: string, { days }: { days: number }) => {
      const found = await session.client.usage(account, days)
      session.answer(found, () => inWords(found, session))
    })
  teach(usage, {
    examples: [
      ['latchkey usage practice:ada', 'the last 30 days'],
      ['latchkey usage practice:ada --days 7 --json', 'the last week, for a program'],
    ],
    notes: [
      'Ids in paths are shown as *. What somebody did with a token of their own cannot be told, and it is said when there was one.',
    ],
  })
}

function inWords(usage: Usage, session: Session): string {
  const { paint } = session
  const since = `since ${usage.since.slice(0, 10)}`
  const parts = [
    usage.users.length === 0
      ? `Nobody has used it ${since}.`
      : table(
          ['WHO', 'RIGHT', 'METHOD', 'WHERE', 'TIMES', 'FAILED', 'LAST'],
          usage.users.flatMap((user) =>
            user.uses.map((use) => [
              line(user.name),
              use.right,
              use.method ?? '',
              line(`${use.host ?? ''}${use.path ?? ''}`),
              String(use.count),
              String(use.failed),
              fromNow(use.last_at),
            ]),
          ),
          paint,
        ),
  ]
  if (usage.permitted.length > 0) {
    const rows = usage.permitted.map((it) => [line(it.name), it.rights.join(', ')])
    parts.push(table(['APP THAT MAY', 'RIGHTS'], rows, paint))
  }
  if (usage.scopes.length > 0) {
    const rows = usage.scopes.map((it) => [line(it.name), it.state, it.last_at === null ? '' : fromNow(it.last_at)])
    parts.push(table(['SCOPE', 'NEEDED', 'LAST'], rows, paint))
  }
  if (!usage.complete) parts.push('Somebody got tokens of this account: what they were used for cannot be told.')
  return parts.join('\n\n')
}
