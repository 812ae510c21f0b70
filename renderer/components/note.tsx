import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorOf } from '../client.ts'
import { t } from '../texts.ts'
import './note.css'

type Tone = 'calm' | 'good' | 'soon' | 'bad'
const icons: Record<Tone, LucideIcon> = { calm: Info, good: CircleCheck, soon: TriangleAlert, bad: CircleAlert }

interface Props {
  tone?: Tone
  title?: string
  children?: ReactNode
  actions?: ReactNode
  icon?: LucideIcon
  /** Read out when it appears. */
  alert?: boolean
}

/** A sentence that has to be seen, with its way out beside it. */
export function Note({ tone = 'calm', title, children, actions, icon, alert = false }: Props) {
  const Icon = icon ?? icons[tone]
  return (
    <div className={`note ${tone}`} role={alert ? 'alert' : undefined}>
      <Icon size={18} aria-hidden className="note-icon" />
      <div className="note-text">
        {title && <p className="note-title">{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {actions && <div className="note-actions">{actions}</div>}
    </div>
  )
}

/** What went wrong in the host's own words, and what to do about it. */
export function ErrorNote({ error, title, actions }: { error: unknown; title?: string; actions?: ReactNode }) {
  const wire = errorOf(error)
  return (
    <Note tone="bad" alert title={title ?? t.common.somethingWrong} actions={actions}>
      <p className="break">{wire.message}</p>
      {wire.action && <p className="break">{wire.action.text}</p>}
    </Note>
  )
}
