import { Check } from 'lucide-react'
import { Checkbox } from 'react-aria-components/Checkbox'
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup'
import './chips.css'

interface Props {
  label: string
  choices: { id: string; text: string; note?: string | undefined }[]
  value: string[]
  onChange: (ids: string[]) => void
  mono?: boolean
}

/** Several of a few short names, each a chip that is pressed or not. */
export function Chips({ label, choices, value, onChange, mono = false }: Props) {
  return (
    <CheckboxGroup aria-label={label} value={value} onChange={onChange} className="chips">
      {choices.map(({ id, text, note }) => (
        <Checkbox key={id} value={id} className="chip-choice">
          <span className="chip-tick">
            <Check size={12} strokeWidth={3} aria-hidden />
          </span>
          <span className={mono ? 'mono break' : 'break'}>{text}</span>
          {note && <span className="chip-note">{note}</span>}
        </Checkbox>
      ))}
    </CheckboxGroup>
  )
}
