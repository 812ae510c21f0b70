import type { ActivityFilter } from '../../../shared/contract-apps.ts'
import { href } from '../../app/routes.ts'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { lookOf, outcomeOf } from './activity-look.ts'
import { useActivity } from './use-activity.ts'
import '../account/account.css'
import './activity.css'

interface Props {
  title: string
  filter: ActivityFilter
  /** Said while there is nothing; absent: the card is not there either. */
  none?: string
  /** Where the rest stands. */
  all: string
  count?: number
}

/** The latest few entries in a card. */
export function Recent({ title, filter, none, all, count = 8 }: Props) {
  const log = useActivity(filter, count)
  const entries = log.data?.pages[0] ?? []
  if (entries.length === 0 && (none === undefined || log.data === undefined)) return null
  return (
    <section className="card" aria-labelledby="recent">
      <div className="card-head">
        <h2 id="recent">{title}</h2>
        {entries.length > 0 && (
          <a href={href(all)} className="small">
            {t.account.overview.seeAll}
          </a>
        )}
      </div>
      {entries.length === 0 && <p className="muted recent-none">{none}</p>}
      <ul className="recent">
        {entries.map((entry) => {
          const { icon: Icon, tone } = lookOf(entry)
          const outcome = outcomeOf(entry)
          return (
            <li key={entry.id}>
              <Icon size={15} aria-hidden className={`entry-sign ${tone}`} />
              <div className="grow">
                <bdi className="two-lines break">{entry.summary}</bdi>
                {outcome.length > 0 && <p className="entry-outcome numbers">{outcome.join(' · ')}</p>}
              </div>
              <span className="faint">
                <Moment at={entry.at} />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
