import { useState } from 'react'
import type { Account } from '../../../shared/models.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Mark } from '../../components/mark.tsx'
import { StateBadge } from '../../components/state.tsx'
import { t } from '../../texts.ts'
import { useConnect } from '../connect/use-connect.ts'

const atFirst = 3

/** What waits for the person: the account, why, and the one button that mends it. */
export function NeedsYou({ accounts }: { accounts: Account[] }) {
  const connect = useConnect()
  const [all, showAll] = useState(false)
  const shown = all ? accounts : accounts.slice(0, atFirst)
  return (
    <section aria-labelledby="needs-you" className="needs">
      <h2 id="needs-you" className="section-title">
        {t.account.list.needsYou}
        <span className="needs-count">{accounts.length}</span>
      </h2>
      <ul className="card needs-card">
        {shown.map((account) => (
          <li key={account.id} className="need">
            <Mark id={account.provider_id} name={account.provider_name} />
            <div className="need-text">
              <div className="row">
                <a href={href(paths.account(account.id))} className="need-name clip" dir="auto" title={account.alias}>
                  {account.alias}
                </a>
                <StateBadge state={account.status.state} />
              </div>
              <p className="need-why break">{account.status.reason}</p>
            </div>
            <Button onPress={() => connect({ account: account.id })} aria-label={t.connect.titleAgain(account.alias)}>
              {account.status.state === 'never_connected' ? t.account.actions.connect : t.account.actions.reconnect}
            </Button>
          </li>
        ))}
        {accounts.length > atFirst && (
          <li className="need-more">
            <Button look="quiet" size="s" onPress={() => showAll(!all)} aria-expanded={all}>
              {all ? t.account.list.fewer : t.account.list.more(accounts.length - atFirst)}
            </Button>
          </li>
        )}
      </ul>
    </section>
  )
}
