import type { Command } from 'commander'
import type { Ask, CallerFacts, PermissionInput } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { confirm } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { type Grant, grantFor } from '../grant.ts'
import { collect, whole } from '../options.ts'
import {
  aliasesOf,
  type PermissionOptions,
  permissionWords,
  rightWords,
  wantedAccount,
  withPermissionOptions,
} from '../permissions.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, line, list } from '../text.ts'
import { futureMoment } from '../time.ts'
import { addPairRequest } from './pair-request.ts'

interface ApproveOptions extends PermissionOptions {
  account?: string[]
  name?: string
  expires?: string
  idleDays?: number
  yes?: true
}

const codeHelp = 'the code that the program shows, or the id of what it asks'

export function addPair(program: Command, session: Session): void {
  const pair = program
    .command('pair')
    .helpGroup('Programs:')
    .description('show the programs that ask for access, with the code that each of them shows too')
    .option('--all', 'those of the last day as well that have been answered')
    .action(async (options: { all?: true }) => {
      const asks = (await session.client.asks()).filter((it) => options.all || it.state === 'waiting')
      const alias = await aliasesOf(
        asks.flatMap((it) => it.wants),
        session,
      )
      session.answer(asks, () =>
        asks.length === 0
          ? 'No program asks for anything.'
          : asks.map((it) => describeAsk(it, alias, session)).join('\n\n'),
      )
    })
  teach(pair, {
    examples: [
      ['latchkey pair', 'who asks, and for what'],
      ['latchkey pair approve WXYZ-2345', 'lets a program in; it gets its key by itself'],
    ],
    notes: ['Compare the code with the one that the program shows: what it says of itself may be untrue.'],
  })

  const approve = withPermissionOptions(
    pair
      .command('approve')
      .argument('<code>', codeHelp)
      .description('let a program in, or grant it more: what it wants, or less, or something else')
      .option('--account <account>', 'for this account; can be repeated', (value, before: string[] = []) =>
        collect(value, before),
      ),
  )
    .option('--name <name>', 'call it so instead of its own name')
    .option('--expires <when>', 'the whole app ends then: 90d, 2027-01-31', (value) => futureMoment(value))
    .option('--idle-days <number>', 'the whole app ends after so many days without use', whole)
    .option('--yes', 'do not ask')
    .action(async (code: string, options: ApproveOptions) => approved(code, options, session))
  teach(approve, {
    examples: [
      ['latchkey pair approve WXYZ-2345', 'grants what it wants, except token and manage; asks first'],
      [
        'latchkey pair approve WXYZ-2345 --account practice:ada --right request --method GET --until 30d --yes',
        'one account, reading requests only, for a month; does not ask',
      ],
      ['latchkey pair approve WXYZ-2345 --right see --right token', 'names token, which is never granted otherwise'],
    ],
    notes: [
      'The rights token and manage are granted only when --right names them. Without a terminal to ask at, --yes is needed.',
    ],
  })

  const deny = pair
    .command('deny')
    .argument('<code>', codeHelp)
    .description('refuse what a program asks for')
    .action(async (code: string) => {
      const ask = await session.client.deny(reference(code))
      session.answer(ask, () => `Denied ${line(ask.name)}.`)
    })
  teach(deny, { examples: [['latchkey pair deny WXYZ-2345', 'the program is told that it was refused']] })

  addPairRequest(pair, session)
}

async function approved(code: string, options: ApproveOptions, session: Session): Promise<void> {
  const ask = await session.client.ask(reference(code))
  if (ask.state !== 'waiting') throw new LatchkeyError('invalid_request', `This was ${ask.state} already.`)
  if (ask.kind !== 'pair' && options.name !== undefined) {
    throw new UsageError('It has its name already. latchkey app rename changes it.')
  }
  const named = await Promise.all((options.account ?? []).map((it) => session.client.account(it)))
  const grant = grantFor(
    ask,
    named.map((it) => it.id),
    permissionOptions(options),
  )
  if (!options.yes) {
    const alias = await aliasesOf([...ask.wants, ...grant.permissions.map(accountIdOf)], session)
    session.note(describeAsk(ask, alias, session))
    session.note(grantInWords(grant, alias))
    if (!(await confirm(session.io, 'Grant this?', 'Pass --yes to grant it.')))
      return session.note('Nothing was granted.')
  }
  const done = await session.client.approve(ask.id, {
    permissions: grant.permissions,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.expires === undefined ? {} : { expires_at: options.expires }),
    ...(options.idleDays === undefined ? {} : { idle_days: options.idleDays }),
  })
  if (options.yes && grant.withheld.length > 0) session.note(withheldWords(grant))
  session.answer(done, () =>
    ask.kind === 'pair'
      ? `Approved ${line(done.name)}. It gets its key the next time it looks.`
      : `Granted to ${line(done.name)}.`,
  )
}

const permissionOptions = ({ right, host, method, path, until }: ApproveOptions): PermissionOptions => ({
  right,
  host,
  method,
  path,
  until,
})
const accountIdOf = ({ account }: PermissionInput) => ({ account_id: account })

/** Codes are compared as they are shown, however they are typed. */
function reference(code: string): string {
  const [, first, second] = /^([a-z0-9]{4})[-\s]?([a-z0-9]{4})$/i.exec(code.trim()) ?? []
  return first === undefined || second === undefined ? code : `${first}-${second}`.toUpperCase()
}

type Alias = (id: string | null) => string

function grantInWords(grant: Grant, alias: Alias): string {
  const { permissions } = grant
  const granted = permissions.map((it) => {
    const rights = it.rights.map((right) => `      ${right}: ${rightWords[right]}`).join('\n')
    return `  ${alias(it.account)}: ${permissionWords(it)}\n${rights}`
  })
  return [
    permissions.length === 0
      ? 'You grant no account yet: it asks when it wants one.'
      : `You grant:\n${granted.join('\n')}`,
    ...(grant.withheld.length === 0 ? [] : [withheldWords(grant)]),
  ].join('\n')
}

const withheldWords = ({ withheld }: Grant) =>
  `Not granted, because nobody named it: ${withheld.join(', ')}. --right ${withheld[0]} would.`

function describeAsk(ask: Ask, alias: Alias, { paint }: Session): string {
  const wants = ask.wants.map((want) => `${wantedAccount(want, alias)}: ${permissionWords(want)}`)
  const what = ask.kind === 'pair' ? 'asks for access' : 'asks for more than it was granted'
  const state =
    ask.state === 'waiting' ? `waiting, until ${fromNow(ask.expires_at)}`.replace('until in', 'for') : ask.state
  return [
    `${paint('bold', ask.code)}  ${line(ask.name)} ${what} (${state})`,
    list(
      [
        ['  It says', `${line(ask.purpose)}${ask.user_agent ? ` (${line(ask.user_agent)})` : ''}`],
        ['  It wants', wants.length === 0 ? 'nothing yet' : wants.join('\n')],
        ['  The system says', callerWords(ask.caller)],
        ['  Asked', ask.times > 1 ? `${ask.times} times, last ${fromNow(ask.last_at)}` : fromNow(ask.created_at)],
      ],
      paint,
    ),
  ].join('\n')
}

/** What the operating system knows, which the program cannot choose as freely as its own words. */
export function callerWords(caller: CallerFacts | null): string {
  if (caller === null) return 'nothing: who called cannot be told'
  const program = caller.script ?? caller.executable ?? caller.process
  if (program === null && caller.pid === null) return `nothing but that it came over ${caller.transport}`
  const facts = [
    caller.process !== null && caller.process !== program ? line(caller.process) : null,
    caller.pid === null ? null : `process ${caller.pid}`,
    caller.user === null ? null : `user ${line(caller.user)}`,
  ].filter((it) => it !== null)
  const parents = caller.started_by.length === 0 ? '' : `, started by ${line(caller.started_by.join(' ← '))}`
  return `${line(program ?? 'a program')} (${facts.join(', ')})${parents}`
}
