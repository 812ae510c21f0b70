import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { Account } from '../../../shared/models.ts'
import { href, paths } from '../../app/routes.ts'
import { LifeBar } from '../../components/life-bar.tsx'
import { Mark } from '../../components/mark.tsx'
import { StateBadge } from '../../components/state.tsx'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { subtitle } from './need.ts'

/** One account in the list. The whole row is the link. */
export const AccountRow = memo(function AccountRow({ account }: { account: Account }) {
  const { list } = t.account
  const { token } = account
  return (
    <a href={href(paths.account(account.id))} className="account-row">
      <Mark id={account.provider_id} name={account.provider_name} />
      <span className="account-names">
        <span className="account-alias clip" dir="auto" title={account.alias}>
          {account.alias}
        </span>
        <span className="account-who clip" dir="auto">
          {subtitle(account)}
        </span>
      </span>
      <span className="account-state">
        <StateBadge state={account.status.state} />
      </span>
      <span className="account-life">
        {token ? (
          <LifeBar
            label={list.timeLeft}
            from={token.obtained_at}
            until={token.expires_at}
            endless={list.noExpiry}
            over={t.account.states.expired}
          />
        ) : (
          <span className="life-text faint">{list.noToken}</span>
        )}
      </span>
      <span className="account-used">
        <span className="hidden-text">{list.lastUsed} </span>
        <Moment at={account.last_used_at} none={list.neverUsed} />
      </span>
      <ChevronRight size={16} aria-hidden className="account-go" />
    </a>
  )
})
