import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { FieldLabel } from './field.tsx'
import './menu.css'
import './select.css'

export interface Choice {
  id: string
  text: string
  /** Before the text, for example a provider's mark. */
  mark?: ReactNode
  help?: string
}

interface Props {
  label: string
  /** The label is for assistive technology alone. */
  bare?: boolean
  choices: Choice[]
  value: string | null
  onChange: (id: string) => void
  placeholder?: string
  className?: string
}

/** One of several, in a list that opens. */
export function Select({ label, bare = false, choices, value, onChange, placeholder, className = '' }: Props) {
  return (
    <AriaSelect
      {...(bare ? { 'aria-label': label } : {})}
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(String(key))}
      placeholder={placeholder ?? ''}
      className={`field ${className}`}
    >
      {!bare && <FieldLabel label={label} />}
      <Button className="select-button">
        <SelectValue className="select-value" />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox items={choices} className="menu">
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.text} className="menu-item">
              {({ isSelected }) => (
                <>
                  {choice.mark}
                  <span className="menu-text" dir="auto">
                    {choice.text}
                    {choice.help && <span className="menu-help">{choice.help}</span>}
                  </span>
                  {isSelected && <Check size={14} aria-hidden className="menu-check" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
