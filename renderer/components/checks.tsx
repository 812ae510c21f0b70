import { Check as Tick } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox } from 'react-aria-components/Checkbox'
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup'
import { FieldLabel } from './field.tsx'
import './checks.css'

const Sign = () => (
  <span className="check-tick">
    <Tick size={12} strokeWidth={3} aria-hidden />
  </span>
)

interface CheckProps {
  children: ReactNode
  isSelected: boolean
  onChange: (on: boolean) => void
}

/** One thing that is so or not. */
export function CheckLine({ children, isSelected, onChange }: CheckProps) {
  return (
    <Checkbox className="check-line" isSelected={isSelected} onChange={onChange}>
      <Sign />
      <span>{children}</span>
    </Checkbox>
  )
}

interface ListProps {
  label: string
  help?: string
  error?: string | null
  choices: { id: string; text: string }[]
  value: string[]
  onChange: (ids: string[]) => void
}

/** Several of a few. They keep the order in which they were chosen: the first is the usual one. */
export function CheckList({ label, help, error, choices, value, onChange }: ListProps) {
  return (
    <CheckboxGroup className="field" value={value} onChange={onChange} isInvalid={Boolean(error)}>
      <FieldLabel label={label} />
      <div className="check-list">
        {choices.map(({ id, text }) => (
          <Checkbox key={id} value={id} className="check-line">
            <Sign />
            <span>{text}</span>
          </Checkbox>
        ))}
      </div>
      {error ? (
        <p className="field-error" role="alert">
          {error}
        </p>
      ) : (
        help && <p className="field-help">{help}</p>
      )}
    </CheckboxGroup>
  )
}
