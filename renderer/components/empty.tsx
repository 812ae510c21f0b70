import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import './empty.css'

/** Nothing here, why, and what to do next. */
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon size={22} aria-hidden />
      </span>
      <p className="empty-title">{title}</p>
      {children}
    </div>
  )
}

/** A grey block of the size of what will stand there. */
export function Bone({ width = '100%', height = 14 }: { width?: string | number; height?: number }) {
  return <span className="bone" style={{ width, height }} aria-hidden />
}
