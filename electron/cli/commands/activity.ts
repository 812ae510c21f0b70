import { type Command, Option } from 'commander'
import type { ActivityFilter, AuditLimits } from '../../../shared/contract-apps.ts'
import type { Activity } from '../../../shared/models.ts'
import { activityKinds, type Right, rights } from '../../../shared/standards.ts'
import { whole } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line, moment, table } from '../text.ts'
import { pastMoment } from '../time.ts'

interface Filters {
  account?: string
  app?: string
  kind?: Activity['kind']
  right?: Right
  host?: string
  outcome?: 'ok' | 'failed'
  search?: string
  since?: string
  until?: string
}

/** The same for the list and the export. */
function withFilters(command: Command): Command {
  return command
    .option('--account <account>', 'only what concerns this account')
    .option('--app <app>', 'only what this app did, or what was done to it')
    .addOption(new Option('--kind <kind>', 'only entries of this kind').choices(activityKinds))
    .addOption(new Option('--right <right>', 'only uses that needed this right').choices(rights))
    .option('--host <host>', 'only requests to this host')
    .addOption(new Option('--outcome <outcome>', 'only what went well, or what did not').choices(['ok', 'failed']))
    .option('--search <text>', 'only entries that say this')
    .option('--since <when>', 'from then on: 7d, 12h, 2027-01-31', (value) => pastMoment(value))
    .option('--until <when>', 'up to then', (value) => pastMoment(value))
}

export function addActivity(program: Command, session: Session): void {
  const activity = withFilters(program.command('activity'))
    .helpGroup('Accounts:')
    .description('show what happened, newest first')
    .option('--limit <number>', 'how many entries, up to 500', whole, 30)
    .option('--before <id>', 'older than the entry with this id, as --json shows it', whole)
    .action(async (options: Filters & { limit: number; before?: number }) => {
      const entries = await session.client.activity({
        ...filterOf(options),
        limit: options.limit,
        ...(options.before === undefined ? {} : { before: options.before }),
      })
      session.answer(entries, () => inWords(entries, session))
    })
  teach(activity, {
    examples: [
      ['latchkey activity --account practice:ada --limit 5', 'the last five things that happened to one account'],
      ['latchkey activity --app Backup --outcome failed --since 7d', 'what an app tried in vain this week'],
    ],
    notes: ['Entries never hold a secret: of a request they keep host and path, never the query.'],
  })

  const exported = withFilters(activity.command('export'))
    .description('write all of it as JSON lines, oldest first')
    .action(async (_options, command: Command) => {
      await session.client.exportActivity(filterOf(command.optsWithGlobals<Filters>()), (text) =>
        written(text, session),
      )
    })
  teach(exported, {
    examples: [['latchkey activity export --since 30d > activity.jsonl', 'a month, one entry a line']],
    notes: ['Its output is JSON lines with and without --json.'],
  })

  const limits = activity
    .command('limits')
    .description('show or set how much of it is kept')
    .option('--max-days <number>', 'forget what is older', whole)
    .option('--max-entries <number>', 'forget the oldest beyond this many', whole)
    .action(async (options: { maxDays?: number; maxEntries?: number }) => {
      const now = await session.client.auditLimits()
      const wanted: AuditLimits = {
        max_days: options.maxDays ?? now.max_days,
        max_entries: options.maxEntries ?? now.max_entries,
      }
      const changed = wanted.max_days !== now.max_days || wanted.max_entries !== now.max_entries
      const kept = changed ? await session.client.setAuditLimits(wanted) : now
      session.answer(kept, () => `Kept for ${kept.max_days} days, at most ${kept.max_entries} entries.`)
    })
  teach(limits, {
    examples: [
      ['latchkey activity limits', 'how much is kept'],
      ['latchkey activity limits --max-days 90', 'three months from now on; what is older goes'],
    ],
  })
}

function inWords(entries: Activity[], session: Session): string {
  if (entries.length === 0) return 'There is nothing.'
  return table(
    ['WHEN', 'WHAT', 'BY', ''],
    entries.map((it) => [moment(it.at), it.kind, line(it.app_name ?? it.actor), line(it.summary)]),
    session.paint,
  )
}

function filterOf(options: Filters): ActivityFilter {
  const names = ['account', 'app', 'kind', 'right', 'host', 'outcome', 'search', 'since', 'until'] as const
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** Waits for a reader that is slower than the host. */
async function written(text: string, { io }: Session): Promise<void> {
  if (io.stdout.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      io.stdout.off('drain', done).off('close', done)
      io.signal.removeEventListener('abort', done)
      resolve()
    }
    io.stdout.once('drain', done).once('close', done)
    io.signal.addEventListener('abort', done, { once: true })
  })
}
