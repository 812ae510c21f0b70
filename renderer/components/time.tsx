import { t } from '../texts.ts'
import { useNow } from './now.ts'
import { absolute, relative } from './time-text.ts'

/** A moment as people say it, and exactly in its title. */
export function Moment({ at, none }: { at: string | null; none?: string }) {
  const now = useNow('slow')
  if (at === null) return <span className="faint">{none ?? t.time.never}</span>
  return (
    <time dateTime={at} title={absolute(at)}>
      {relative(at, now)}
    </time>
  )
}

/** The hour of a moment, for a list that is grouped by day. */
export function Hour({ at }: { at: string }) {
  return (
    <time dateTime={at} title={absolute(at)} className="numbers">
      {new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}
    </time>
  )
}
