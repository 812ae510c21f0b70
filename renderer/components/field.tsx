import { Eye, EyeOff, Search, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField, type TextFieldProps } from 'react-aria-components/TextField'
import { t } from '../texts.ts'
import './field.css'

interface FieldProps extends Omit<TextFieldProps, 'children' | 'className'> {
  label: string
  help?: ReactNode
  /** The sentence under the field while it is wrong. */
  error?: string | null | undefined
  optional?: boolean
  mono?: boolean
  placeholder?: string
  /** A text area of this many lines. */
  lines?: number
  unit?: string
}

export function FieldLabel({ label, optional }: { label: string; optional?: boolean }) {
  return (
    <Label className="field-label">
      {label}
      {optional && <span className="faint"> ({t.common.optional})</span>}
    </Label>
  )
}

/** A labelled text field with help and error under it. */
export function Field({ label, help, error, optional, mono, placeholder, lines, unit, ...props }: FieldProps) {
  return (
    <TextField {...props} isInvalid={Boolean(error)} className="field" validationBehavior="aria">
      <FieldLabel label={label} optional={optional ?? false} />
      {lines ? (
        <TextArea className={mono ? 'input area mono' : 'input area'} rows={lines} placeholder={placeholder ?? ''} />
      ) : (
        <div className={unit ? 'input-group' : undefined}>
          <Input
            className={mono ? 'input mono' : 'input'}
            placeholder={placeholder ?? ''}
            dir={mono ? 'ltr' : 'auto'}
          />
          {unit && <span className="input-unit">{unit}</span>}
        </div>
      )}
      {help && !error && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error ?? ''}</FieldError>
    </TextField>
  )
}

interface SecretFieldProps extends FieldProps {
  showText: string
  hideText: string
}

/** A field for what nobody should read over a shoulder. */
export function SecretField({ label, help, error, optional, showText, hideText, ...props }: SecretFieldProps) {
  const [shown, show] = useState(false)
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      isInvalid={Boolean(error)}
      className="field"
      validationBehavior="aria"
      spellCheck="false"
    >
      <FieldLabel label={label} optional={optional ?? false} />
      <div className="input-group">
        <Input className="input mono" dir="ltr" />
        <Button
          slot={null}
          className="input-button"
          aria-label={shown ? hideText : showText}
          onPress={() => show(!shown)}
        >
          {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
        </Button>
      </div>
      {help && !error && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error ?? ''}</FieldError>
    </TextField>
  )
}

interface SearchProps {
  label: string
  value: string
  onChange: (value: string) => void
  autoFocus?: boolean
}

export function SearchField({ label, value, onChange, autoFocus = false }: SearchProps) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} className="search" autoFocus={autoFocus}>
      <Search size={16} aria-hidden className="search-icon" />
      <Input className="input" placeholder={label} dir="auto" />
      <Button className="input-button search-clear">
        <X size={14} aria-hidden />
      </Button>
    </AriaSearchField>
  )
}
