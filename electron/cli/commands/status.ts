import type { Command } from 'commander'
import type { Account, AccountState } from '../../../shared/models.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line, list } from '../text.ts'
import { stateWord } from '../words.ts'

export function addStatus(program: Command, session: Session): void {
  teach(program.command('status'), {
    examples: [
      ['latchkey status', 'whether it runs, and is locked or not'],
      ['latchkey status --json', 'the same for a program'],
    ],
  })
    .helpGroup('Latchkey itself:')
    .description('show whether Latchkey runs, how its vault is protected, and how the accounts are')
    .action(async () => {
      const { app, vault } = await session.client.status()
      const accounts = vault.state === 'unlocked' ? await session.client.accounts() : null
      session.answer({ app, vault, accounts: accounts && count(accounts) }, () =>
        list(
          [
            ['Latchkey', `${app.version}, ${app.host} host`],
            ['Vault', `${vault.state}. ${line(vault.reason)}${vault.remedy ? `\n${line(vault.remedy)}` : ''}`],
            ['Accounts', accounts && accountsInWords(accounts, session)],
            ['HTTP', app.http],
            ['Socket', app.socket],
            ['Profile', app.profile],
          ],
          session.paint,
        ),
      )
    })

  teach(program.command('page'), {
    examples: [['latchkey page', 'open the printed address in a browser on this computer']],
  })
    .helpGroup('Latchkey itself:')
    .description('print a link to the page of the headless host; it works once, for ten minutes')
    .action(async () => {
      const link = await session.client.pageLink()
      session.answer(link, () => link.url)
    })
}

function count(accounts: Account[]): Partial<Record<AccountState, number>> {
  const counts: Partial<Record<AccountState, number>> = {}
  for (const { status } of accounts) counts[status.state] = (counts[status.state] ?? 0) + 1
  return counts
}

function accountsInWords(accounts: Account[], session: Session): string {
  if (accounts.length === 0) return 'none yet. Connect one: latchkey connect practice'
  const parts = Object.entries(count(accounts)).map(
    ([state, many]) => `${many} ${stateWord(state as AccountState, session.paint)}`,
  )
  return parts.join(', ')
}
