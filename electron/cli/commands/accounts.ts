import type { Command } from 'commander'
import type { Account, TokenFacts, TokenInspection } from '../../../shared/models.ts'
import { accountHelp } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, harmless, line, list, moment, table } from '../text.ts'
import { accountLine, expiry, person, stateWord } from '../words.ts'
import { confirmed } from './lifecycle.ts'

const group = 'Accounts:'

export function addAccounts(program: Command, session: Session): void {
  teach(program.command('accounts'), {
    examples: [
      ['latchkey accounts', 'each with its state and when its token ends'],
      ["latchkey accounts --json | jq -r '.[].alias'", 'the aliases alone'],
    ],
  })
    .helpGroup(group)
    .description('list the connected accounts and how they are')
    .action(async () => {
      const accounts = await session.client.accounts()
      session.answer(accounts, () => accountTable(accounts, session))
    })

  teach(program.command('account'), {
    examples: [['latchkey account practice:ada', 'its state and why, scopes, identity, last use']],
  })
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('show one account')
    .action(async (reference: string) => {
      const account = await session.client.account(reference)
      session.answer(account, () => describeAccount(account, session))
    })

  teach(program.command('inspect'), {
    examples: [['latchkey inspect practice:ada', 'claims, lifetimes and fingerprints; never the tokens']],
  })
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('show what can be told of its tokens without showing them')
    .action(async (reference: string) => {
      const inspection = await session.client.inspect(reference)
      session.answer(inspection, () => describeTokens(inspection, session))
    })

  teach(program.command('rename'), {
    examples: [['latchkey rename practice:ada me', 'programs that call it practice:ada have to follow; its id stays']],
  })
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .argument('<alias>', 'its new alias')
    .description('give an account another alias')
    .action(async (reference: string, alias: string) => {
      const account = await session.client.rename(reference, alias)
      session.answer(account, () => accountLine(account, session.paint))
    })

  const change = (name: 'refresh' | 'expire', description: string, does: string) =>
    teach(program.command(name), { examples: [[`latchkey ${name} practice:ada`, does]] })
      .helpGroup(group)
      .argument('<account>', accountHelp)
      .description(description)
      .action(async (reference: string) => {
        const account = await session.client[name](reference)
        session.answer(account, () => accountLine(account, session.paint))
      })
  change('refresh', 'get a new access token now', 'even if the one that is there would do')
  change('expire', 'let the access token count as expired (for testing)', 'the next use refreshes it')

  teach(program.command('validate'), {
    examples: [['latchkey validate practice:ada', 'asks now, whatever is known of its lifetime']],
  })
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('ask the provider whether the token is good; refresh it once when it is not')
    .action(async (reference: string) => {
      const account = await session.client.validate(reference)
      const { validation } = account
      session.answer(account, () => [accountLine(account, session.paint), line(validation?.reason ?? '')].join('\n'))
    })

  teach(program.command('remove'), {
    examples: [
      ['latchkey remove practice:ada', 'says what goes, and asks'],
      ['latchkey remove practice:ada --yes', 'without asking'],
    ],
  })
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('revoke the grant where the provider can, and forget the account for good')
    .option('--yes', 'do not ask')
    .action(async (reference: string, options: { yes?: true }) => {
      const account = await session.client.account(reference)
      if (!options.yes && !(await confirmed({ account: account.id }, 'remove', session))) {
        return session.note('Nothing was removed.')
      }
      await session.client.remove(account.id)
      session.answer({ removed: account.id }, () => `Removed ${line(account.alias)}.`)
    })
}

function accountTable(accounts: Account[], session: Session): string {
  if (accounts.length === 0) return 'No accounts yet. Connect one: latchkey connect practice'
  const rows = accounts.map((account) => [
    line(account.alias),
    line(account.provider_name),
    stateWord(account.status.state, session.paint),
    person(account.identity),
    expiry(account),
    fromNow(account.last_used_at),
  ])
  const text = table(['ACCOUNT', 'PROVIDER', 'STATE', 'WHO', 'EXPIRES', 'LAST USED'], rows, session.paint)
  const troubled = accounts.filter((it) => ['reauth_required', 'unreachable'].includes(it.status.state))
  const notes = troubled.map(
    (it) => `${line(it.alias)}: ${line([it.status.reason, it.status.remedy].filter(Boolean).join(' '))}`,
  )
  return notes.length === 0 ? text : `${text}\n\n${notes.join('\n')}`
}

function describeAccount(account: Account, session: Session): string {
  const { status, token } = account
  return list(
    [
      ['Account', session.paint('bold', line(account.alias))],
      ['Id', account.id],
      ['Who', person(account.identity)],
      ['Provider', `${line(account.provider_name)}, registration ${line(account.registration_name)}`],
      ['State', `${stateWord(status.state, session.paint)} since ${moment(status.since)}`],
      ['', line(status.reason)],
      ['', status.remedy && line(status.remedy)],
      ['Next try', status.retry_at && fromNow(status.retry_at)],
      ['Expires', token && `${expiry(account)} (from ${token.expiry_source})`],
      ['Refresh token', token && (token.has_refresh_token ? 'yes' : 'no')],
      ['Scopes', line(account.scopes_granted.join(' '))],
      ['Connected', fromNow(account.created_at)],
      ['Refreshed', fromNow(account.last_refresh_at)],
      ['Last used', fromNow(account.last_used_at)],
      ['Validated', account.validation && `${fromNow(account.validation.at)}: ${line(account.validation.reason)}`],
    ],
    session.paint,
  )
}

function describeTokens(inspection: TokenInspection, session: Session): string {
  if (inspection.tokens.length === 0) return 'There are no tokens: the account was never connected, or was reset.'
  return inspection.tokens.map((token) => describeToken(token, session)).join('\n\n')
}

function describeToken(token: TokenFacts, session: Session): string {
  const json = (value: unknown) => (value ? harmless(JSON.stringify(value, null, 2)) : null)
  const time = (value: string | null) => value && `${moment(value)} (${fromNow(value)})`
  return list(
    [
      ['Token', session.paint('bold', token.kind)],
      ['Format', `${token.format}, ${token.length} characters`],
      ['Fingerprint', token.fingerprint],
      ['Issued', time(token.issued_at)],
      ['Expires', time(token.expires_at)],
      ['Header', json(token.header)],
      ['Claims', json(token.claims)],
    ],
    session.paint,
  )
}
