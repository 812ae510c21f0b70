import { ChevronRight, CircleCheck, CircleSlash } from 'lucide-react'
import { memo } from 'react'
import type { App } from '../../../shared/contract-apps.ts'
import type { Account } from '../../../shared/models.ts'
import { href, paths } from '../../app/routes.ts'
import { Mark } from '../../components/mark.tsx'
import { plainLine } from '../../components/plain-text.ts'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'

/** An app's state: word, sign and colour, each enough alone. */
export function AppState({ app }: { app: App }) {
  const active = app.state === 'active'
  const Icon = active ? CircleCheck : CircleSlash
  return (
    <span className={active ? 'state good' : 'state'} title={app.reason ?? undefined}>
      <Icon size={14} aria-hidden />
      {t.apps.states[app.state]}
    </span>
  )
}

/** By date, by not being used, or not at all. */
export function AppEnd({ app }: { app: App }) {
  if (app.expires_at !== null) {
    return (
      <span>
        {Date.parse(app.expires_at) < Date.now() ? t.apps.ended : t.apps.endsShort} <Moment at={app.expires_at} />
      </span>
    )
  }
  if (app.idle_days !== null) return <span>{t.apps.afterIdle(app.idle_days)}</span>
  return <span className="faint">{t.apps.noEnd}</span>
}

const shown = 3

/** The accounts that an app may use, by the marks of their providers. */
function AccountMarks({ accounts }: { accounts: Account[] }) {
  if (accounts.length === 0) return <span className="faint small">{t.apps.noAccounts}</span>
  const first = accounts.slice(0, shown)
  const names = accounts.map(({ alias }) => alias).join(', ')
  return (
    <span className="app-marks" title={names}>
      <span className="hidden-text">
        {t.apps.accounts}: {names}
      </span>
      {first.map((account) => (
        <Mark key={account.id} id={account.provider_id} name={account.provider_name} size={28} />
      ))}
      {accounts.length > shown && <span className="app-marks-more numbers">+{accounts.length - shown}</span>}
    </span>
  )
}

/** One app in the list. The whole row is the link. */
export const AppRow = memo(function AppRow({ app, accounts }: { app: App; accounts: Account[] }) {
  const name = plainLine(app.name)
  return (
    <a href={href(paths.app(app.id))} className="app-row">
      <Mark id={app.id} name={name} />
      <span className="account-names">
        <span className="account-alias clip" dir="auto" title={name}>
          {name}
        </span>
        <span className="account-who clip" dir="auto" title={plainLine(app.purpose)}>
          {plainLine(app.purpose)}
        </span>
      </span>
      <AccountMarks accounts={accounts} />
      <AppState app={app} />
      <span className="app-times">
        <span className="app-when">
          <span className="hidden-text">{t.apps.lastUsed} </span>
          <Moment at={app.last_used_at} none={t.apps.neverUsed} />
        </span>
        <span className="app-when">
          <span className="hidden-text">{t.apps.ends} </span>
          <AppEnd app={app} />
        </span>
      </span>
      <ChevronRight size={16} aria-hidden className="account-go" />
    </a>
  )
})
