import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import './segments.css'

interface Props<T extends string> {
  label: string
  /** The label is for assistive technology alone. */
  bare?: boolean
  choices: { id: T; text: string }[]
  value: T
  onChange: (id: T) => void
}

/** One of two or three short words, all visible. */
export function Segments<T extends string>({ label, bare = false, choices, value, onChange }: Props<T>) {
  return (
    <div className="field">
      {!bare && (
        <span className="field-label" aria-hidden>
          {label}
        </span>
      )}
      <ToggleButtonGroup
        aria-label={label}
        className="segments"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[value]}
        onSelectionChange={(chosen) => {
          const next = choices.find(({ id }) => chosen.has(id))
          if (next) onChange(next.id)
        }}
      >
        {choices.map(({ id, text }) => (
          <ToggleButton key={id} id={id} className="segment">
            {text}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}
