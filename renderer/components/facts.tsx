import type { ReactNode } from 'react'
import './facts.css'

export interface Fact {
  name: string
  value: ReactNode
  help?: string
}

/** Names and values, two columns. */
export function Facts({ facts }: { facts: (Fact | null)[] }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact) => fact !== null)
        .map(({ name, value, help }) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>
              <div className="break" dir="auto">
                {value}
              </div>
              {help && <div className="fact-help">{help}</div>}
            </dd>
          </div>
        ))}
    </dl>
  )
}
