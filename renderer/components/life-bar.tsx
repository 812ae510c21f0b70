import { ProgressBar } from 'react-aria-components/ProgressBar'
import { t } from '../texts.ts'
import { useNow } from './now.ts'
import { absolute, lifetime } from './time-text.ts'
import './life-bar.css'

interface Props {
  label: string
  from: string
  until: string | null
  /** Said instead of a counter when there is no end. */
  endless: string
  /** Said when it is over. */
  over: string
}

/** What is left of a lifetime: a quiet bar and a counter that ticks. */
export function LifeBar({ label, from, until, endless, over }: Props) {
  const now = useNow('second')
  const life = lifetime(from, until, now)
  if (life === null) return <span className="life-text faint">{endless}</span>
  const text = life.over ? over : t.time.left(life.left)
  const tone = life.over ? 'over' : life.share < 0.1 ? 'low' : 'fine'
  return (
    <ProgressBar className={`life ${tone}`} aria-label={label} value={Math.round(life.share * 100)} valueLabel={text}>
      <span className="life-text numbers" title={absolute(until ?? '')}>
        {text}
      </span>
      <span className="life-track">
        <span className="life-fill" style={{ width: `${life.share * 100}%` }} />
      </span>
    </ProgressBar>
  )
}
