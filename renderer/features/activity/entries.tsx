import { ChevronRight } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import type { Activity } from '../../../shared/models.ts'
import { Facts } from '../../components/facts.tsx'
import { useNow } from '../../components/now.ts'
import { Hour } from '../../components/time.tsx'
import { dayName } from '../../components/time-text.ts'
import { t } from '../../texts.ts'
import { byDay, looks } from './activity-look.ts'
import './activity.css'

/** "http_status" as "http status": names are the host's own, only made readable. */
const readable = (name: string) => name.replaceAll('_', ' ')

function Line({ entry }: { entry: Activity }) {
  const { icon: Icon, tone } = looks[entry.kind]
  return (
    <>
      <Icon size={15} aria-hidden className={`entry-sign ${tone}`} />
      <span className="entry-text">
        <span className="hidden-text">{t.activity.kinds[entry.kind]}: </span>
        <bdi className="break">{entry.summary}</bdi>
      </span>
      <span className="entry-actor">{t.activity.by(t.activity.actors[entry.actor] ?? entry.actor)}</span>
      <span className="entry-hour">
        <Hour at={entry.at} />
      </span>
    </>
  )
}

function Entry({ entry }: { entry: Activity }) {
  const detail = Object.entries(entry.detail).filter(([, value]) => value !== null)
  if (detail.length === 0) {
    return (
      <li className="entry">
        <div className="entry-line">
          <Line entry={entry} />
          <span className="entry-open" />
        </div>
      </li>
    )
  }
  return (
    <li className="entry">
      <Disclosure>
        <Button slot="trigger" className="entry-line">
          <Line entry={entry} />
          <ChevronRight size={14} aria-hidden className="entry-open" />
        </Button>
        <DisclosurePanel>
          <div className="entry-detail">
            <Facts facts={detail.map(([name, value]) => ({ name: readable(name), value: String(value) }))} />
          </div>
        </DisclosurePanel>
      </Disclosure>
    </li>
  )
}

/** Entries under their days. */
export function Entries({ entries }: { entries: Activity[] }) {
  const now = useNow('slow')
  return (
    <div className="stack loose">
      {byDay(entries).map(({ day, entries: ofDay }) => (
        <section key={day}>
          <h2 className="section-title">{dayName(ofDay[0]?.at ?? day, now)}</h2>
          <ul className="card entries">
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
