import type { Command } from 'commander'
import { accountHelp } from '../options.ts'
import { aliasesOf } from '../permissions.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, line, table } from '../text.ts'

const group = 'Using an account:'

/** Host bindings: a request without an account goes with the one that its host is bound to (E19). */
export function addBindings(program: Command, session: Session): void {
  const bindings = program
    .command('bindings')
    .helpGroup(group)
    .description('list the hosts that are bound to an account')
    .action(async () => {
      const found = await session.client.bindings()
      const alias = await aliasesOf(found, session)
      session.answer(found, () =>
        found.length === 0
          ? 'No host is bound. latchkey bind HOST ACCOUNT binds one.'
          : table(
              ['HOST', 'ACCOUNT', 'SINCE'],
              found.map((it) => [line(it.host), alias(it.account_id), fromNow(it.created_at)]),
              session.paint,
            ),
      )
    })
  teach(bindings, { examples: [['latchkey bindings', 'each host with its account']] })

  const bind = program
    .command('bind')
    .helpGroup(group)
    .argument('<host>', 'host, host:port, *.host or *.host:port')
    .argument('<account>', accountHelp)
    .description('let requests to a host use this account when they name none')
    .action(async (host: string, account: string) => {
      const binding = await session.client.bind(host, account)
      session.answer(binding, () => `Requests to ${line(binding.host)} use ${line(account)} now.`)
    })
  teach(bind, {
    examples: [
      ['latchkey bind api.github.com github:ada', 'then: latchkey request --bound GET https://api.github.com/user'],
    ],
    notes: [
      'Only a host that the account may be used at can be bound. A host has one account: another takes its place.',
    ],
  })

  const unbind = program
    .command('unbind')
    .helpGroup(group)
    .argument('<bound-host>', 'as `latchkey bindings` shows it')
    .description('let a host use no account again')
    .action(async (host: string) => {
      await session.client.unbind(host)
      session.answer({ unbound: host }, () => `${line(host)} is bound to no account now.`)
    })
  teach(unbind, { examples: [['latchkey unbind api.github.com', 'requests have to name an account again']] })
}
