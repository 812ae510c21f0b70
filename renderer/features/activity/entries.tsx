import { ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import type { Activity } from '../../../shared/models.ts'
import { useAccounts } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Facts } from '../../components/facts.tsx'
import { useNow } from '../../components/now.ts'
import { isolated, plainLine } from '../../components/plain-text.ts'
import { Hour } from '../../components/time.tsx'
import { dayName } from '../../components/time-text.ts'
import { t } from '../../texts.ts'
import { byDay, detailText, lookOf, outcomeOf } from './activity-look.ts'
import './activity.css'

/** "http_status" as "http status": names are the host's own, only made readable. */
const readable = (name: string) => name.replace(/_ms$/, '').replaceAll('_', ' ')

/** The app's name as it was then, else who it was in general. */
const actorOf = ({ actor, app_name }: Activity): string =>
  actor === 'app' && app_name !== null ? plainLine(app_name) : (t.activity.actors[actor] ?? actor)

/** `account`: its alias; null where it is clear which one. */
function Line({ entry, account }: { entry: Activity; account: string | null }) {
  const { icon: Icon, tone } = lookOf(entry)
  const outcome = outcomeOf(entry)
  // Other entries name the account in their summary.
  const under = account === null || outcome.length === 0 ? outcome : [isolated(account), ...outcome]
  return (
    <>
      <Icon size={15} aria-hidden className={`entry-sign ${tone}`} />
      <span className="entry-text">
        <span className="hidden-text">{t.activity.kinds[entry.kind]}: </span>
        <bdi className="break">{entry.summary}</bdi>
        {under.length > 0 && <span className="entry-outcome numbers break">{under.join(' · ')}</span>}
      </span>
      <span className="entry-actor clip" title={actorOf(entry)}>
        {entry.actor === 'app' ? <bdi>{actorOf(entry)}</bdi> : t.activity.by(actorOf(entry))}
      </span>
      <span className="entry-hour">
        <Hour at={entry.at} />
      </span>
    </>
  )
}

function Entry({ entry, account }: { entry: Activity; account: string | null }) {
  const detail = Object.entries(entry.detail).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
  if (detail.length === 0) {
    return (
      <li className="entry">
        <div className="entry-line">
          <Line entry={entry} account={account} />
          <span className="entry-open" />
        </div>
      </li>
    )
  }
  return (
    <li className="entry">
      <Disclosure>
        <Button slot="trigger" className="entry-line">
          <Line entry={entry} account={account} />
          <ChevronRight size={14} aria-hidden className="entry-open" />
        </Button>
        <DisclosurePanel>
          <div className="entry-detail">
            <Facts
              facts={[
                entry.right === null ? null : { name: t.activity.right, value: t.usage.rights[entry.right] },
                ...detail.map(({ name, value }) => ({ name: readable(name), value: detailText(name, value) })),
              ]}
            />
            {entry.app_id !== null && (
              <p className="small">
                <a href={href(paths.app(entry.app_id))}>{t.activity.toApp}</a>
              </p>
            )}
          </div>
        </DisclosurePanel>
      </Disclosure>
    </li>
  )
}

interface Props {
  entries: Activity[]
  /** They are all about the account that the page is about. */
  oneAccount?: boolean
}

/** Entries under their days. */
export function Entries({ entries, oneAccount = false }: Props) {
  const now = useNow('slow')
  const accounts = useAccounts().data
  const aliases = useMemo(() => new Map(accounts?.map(({ id, alias }) => [id, alias])), [accounts])
  const aliasOf = ({ account_id }: Activity) => (oneAccount ? null : (aliases.get(account_id ?? '') ?? null))
  return (
    <div className="stack loose">
      {byDay(entries).map(({ day, entries: ofDay }) => (
        <section key={day}>
          <h2 className="section-title">{dayName(ofDay[0]?.at ?? day, now)}</h2>
          <ul className="card entries">
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} account={aliasOf(entry)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
