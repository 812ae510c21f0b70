import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import './button.css'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  look?: Look
  size?: 'm' | 's'
  icon?: LucideIcon
  children: ReactNode
  className?: string
  ref?: Ref<HTMLButtonElement>
}

/** A button with words. While pending it keeps its size and says so to assistive technology. */
export function Button({ look = 'plain', size = 'm', icon: Icon, children, className = '', ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button ${look} ${size} ${className}`}>
      {props.isPending ? (
        <LoaderCircle className="spin" size={size === 's' ? 14 : 16} aria-hidden />
      ) : (
        Icon && <Icon size={size === 's' ? 14 : 16} aria-hidden />
      )}
      <span className="button-text">{children}</span>
    </AriaButton>
  )
}

interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> {
  icon: LucideIcon
  label: string
  size?: 'm' | 's'
  className?: string
}

/** A button with a sign alone; its words are the tooltip and the accessible name. */
export function IconButton({ icon: Icon, label, size = 'm', className = '', ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton {...props} aria-label={label} className={`icon-button ${size} ${className}`}>
        <Icon size={16} aria-hidden />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  )
}
