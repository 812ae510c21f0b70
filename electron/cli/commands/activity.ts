import type { Command } from 'commander'
import { whole } from '../options.ts'
import type { Session } from '../session.ts'
import { line, moment, table } from '../text.ts'

export function addActivity(program: Command, session: Session): void {
  program
    .command('activity')
    .helpGroup('Accounts:')
    .description('show what happened, newest first')
    .option('--account <account>', 'only what concerns this account')
    .option('--limit <number>', 'how many entries, up to 500', whole, 30)
    .action(async (options: { account?: string; limit: number }) => {
      const entries = await session.client.activity(options)
      session.answer(entries, () =>
        entries.length === 0
          ? 'Nothing has happened yet.'
          : table(
              ['WHEN', 'WHAT', 'BY', ''],
              entries.map((it) => [moment(it.at), it.kind, it.actor, line(it.summary)]),
              session.paint,
            ),
      )
    })
}
