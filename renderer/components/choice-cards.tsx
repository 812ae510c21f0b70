import type { ReactNode } from 'react'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { FieldLabel } from './field.tsx'
import './choice-cards.css'

export interface Card {
  id: string
  title: string
  text?: string
  mark?: ReactNode
  aside?: ReactNode
}

interface Props {
  label: string
  bare?: boolean
  cards: Card[]
  value: string | null
  onChange: (id: string) => void
}

/** One of a few, each with a sentence; all visible at once. */
export function ChoiceCards({ label, bare = false, cards, value, onChange }: Props) {
  return (
    <RadioGroup {...(bare ? { 'aria-label': label } : {})} value={value} onChange={onChange} className="choices">
      {!bare && <FieldLabel label={label} />}
      {cards.map((card) => (
        <Radio key={card.id} value={card.id} className="choice">
          <span className="choice-dot" aria-hidden />
          {card.mark}
          <span className="choice-text">
            <span className="choice-title break" dir="auto">
              {card.title}
            </span>
            {card.text && <span className="choice-help break">{card.text}</span>}
          </span>
          {card.aside}
        </Radio>
      ))}
    </RadioGroup>
  )
}
