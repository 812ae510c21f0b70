import { CircleCheck, CircleDashed, CirclePlus, type LucideIcon } from 'lucide-react'
import type { Account } from '../../../shared/models.ts'
import { useProviders } from '../../app/queries.ts'
import { Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { SensitivityChip } from '../connect/scope-picker.tsx'
import { compareScopes } from './compare-scopes.ts'

interface GroupProps {
  title: string
  names: string[]
  icon: LucideIcon
  tone: 'good' | 'soon' | 'calm'
  account: Account
}

function Group({ title, names, icon: Icon, tone, account }: GroupProps) {
  const provider = useProviders().data?.find((it) => it.id === account.provider_id)
  if (names.length === 0) return null
  return (
    <section className="card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        <span className="faint numbers">{names.length}</span>
      </div>
      <ul className="scope-list">
        {names.map((name) => {
          const known = provider?.scopes.find((scope) => scope.name === name)
          return (
            <li key={name}>
              <Icon size={16} aria-hidden className={`scope-sign ${tone}`} />
              <div className="grow">
                {known && <p>{known.text}</p>}
                <code className={known ? 'faint break' : 'break'}>{name}</code>
              </div>
              {known && <SensitivityChip sensitivity={known.sensitivity} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What was asked for against what was given. */
export function Scopes({ account }: { account: Account }) {
  const texts = t.account.scopes
  const { granted, missing, extra } = compareScopes(account.scopes_requested, account.scopes_granted)
  if (granted.length + missing.length + extra.length === 0) return <Note>{texts.none}</Note>
  return (
    <div className="stack gap">
      <p className="muted">{texts.lead}</p>
      {missing.length > 0 && account.token && <Note tone="soon">{texts.missingHint}</Note>}
      <Group title={texts.missing} names={missing} icon={CircleDashed} tone="soon" account={account} />
      <Group title={texts.granted} names={granted} icon={CircleCheck} tone="good" account={account} />
      <Group title={texts.extra} names={extra} icon={CirclePlus} tone="calm" account={account} />
    </div>
  )
}
