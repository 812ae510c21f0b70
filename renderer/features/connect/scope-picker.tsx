import { Check } from 'lucide-react'
import { useState } from 'react'
import { Checkbox } from 'react-aria-components/Checkbox'
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup'
import type { Scope } from '../../../shared/models.ts'
import { Button } from '../../components/button.tsx'
import { t } from '../../texts.ts'
import './scope-picker.css'

const tones = { low: 'good', medium: 'soon', high: 'bad' } as const

export function SensitivityChip({ sensitivity }: { sensitivity: Scope['sensitivity'] }) {
  return <span className={`chip ${tones[sensitivity]}`}>{t.providers.sensitivity[sensitivity]}</span>
}

interface Props {
  label: string
  scopes: Scope[]
  value: string[]
  onChange: (names: string[]) => void
}

/** Permissions in plain words, each to be ticked. What is not ticked at first stands behind one button. */
export function ScopePicker({ label, scopes, value, onChange }: Props) {
  const [first] = useState(() => new Set(value))
  const rest = scopes.filter((scope) => !first.has(scope.name))
  const few = scopes.length <= 6
  const [all, showAll] = useState(few)
  const shown = all ? scopes : scopes.filter((scope) => first.has(scope.name) || value.includes(scope.name))
  return (
    <div className="scopes">
      <CheckboxGroup aria-label={label} value={value} onChange={onChange}>
        {shown.map((scope) => (
          <Checkbox key={scope.name} value={scope.name} className="scope">
            <span className="tick">
              <Check size={12} strokeWidth={3} aria-hidden />
            </span>
            <span className="grow">
              <span className="scope-text">{scope.text}</span>
              <code className="scope-name break">{scope.name}</code>
            </span>
            <SensitivityChip sensitivity={scope.sensitivity} />
          </Checkbox>
        ))}
      </CheckboxGroup>
      {!all && rest.length > 0 && (
        <div className="scopes-more">
          <Button look="quiet" size="s" onPress={() => showAll(true)}>
            {t.connect.approve.showAll(rest.length)}
          </Button>
        </div>
      )}
    </div>
  )
}
