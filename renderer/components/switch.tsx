import type { ReactNode } from 'react'
import { Switch as AriaSwitch } from 'react-aria-components/Switch'
import './switch.css'

interface Props {
  title: string
  text?: string
  /** Beside the title, for example a chip. */
  aside?: ReactNode
  isSelected: boolean
  onChange: (on: boolean) => void
}

/** Something that is on or off at once, with a sentence about what that means. */
export function Switch({ title, text, aside, isSelected, onChange }: Props) {
  return (
    <AriaSwitch className="switch" isSelected={isSelected} onChange={onChange}>
      <span className="switch-track" aria-hidden>
        <span className="switch-knob" />
      </span>
      <span className="grow">
        <span className="switch-title">
          {title}
          {aside}
        </span>
        {text && <span className="switch-text">{text}</span>}
      </span>
    </AriaSwitch>
  )
}
