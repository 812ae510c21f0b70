import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import './empty.css'

interface Props {
  icon: LucideIcon
  title: string
  /** The whole place is empty: its title is the page's. */
  page?: boolean
  children?: ReactNode
}

/** Nothing here, why, and what to do next. */
export function Empty({ icon: Icon, title, page, children }: Props) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon size={22} aria-hidden />
      </span>
      <Title className="empty-title">{title}</Title>
      {children}
    </div>
  )
}

/** A grey block of the size of what will stand there. */
export function Bone({ width = '100%', height = 14 }: { width?: string | number; height?: number }) {
  return <span className="bone" style={{ width, height }} aria-hidden />
}
