import type { ReactNode } from 'react'
import { Latch } from '../../components/mark.tsx'
import './threshold.css'

/** A screen before the door: one card, one thing to do. */
export function Threshold({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="threshold">
      <div className="threshold-card">
        <div className="threshold-head">
          <Latch size={40} />
          <h1>{title}</h1>
        </div>
        <p className="muted">{lead}</p>
        <div className="threshold-body">{children}</div>
      </div>
    </main>
  )
}
