import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../texts.ts'

/** A link that leaves Latchkey. The host opens it in the person's browser. */
export function LinkOut({ href, children, className }: { href: string; children: ReactNode; className?: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={className ?? 'link-out'}>
      {children} <ExternalLink size={12} aria-hidden className="inline-icon" />
      <span className="hidden-text">{t.common.opensBrowser}</span>
    </a>
  )
}
