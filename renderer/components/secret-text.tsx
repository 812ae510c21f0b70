import { FileKey, X } from 'lucide-react'
import { useState } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField } from 'react-aria-components/TextField'
import { t } from '../texts.ts'
import { Button } from './button.tsx'
import { FieldLabel } from './field.tsx'
import { readFile } from './read-file.ts'
import './secret-text.css'

interface Props {
  label: string
  help: string
  error: string | null
  optional: boolean
  value: string
  onChange: (value: string) => void
  /** Name endings, as `.pem`. */
  accept: string[]
  /** It may be read over a shoulder. */
  open?: boolean
  isDisabled?: boolean
}

/** Several lines that are pasted or come from a file. What is secret is dotted, and a file's content is not shown. */
export function SecretText({ label, help, error, optional, value, onChange, accept, open, isDisabled }: Props) {
  const texts = t.grants.registration
  const [name, setName] = useState<string | null>(null)
  const [refused, setRefused] = useState(false)
  const fromFile = name !== null && value !== ''
  const wrong = refused ? texts.fileTooLarge : error

  async function choose(file: File | undefined) {
    if (!file) return
    try {
      onChange(await readFile(file))
      setName(file.name)
      setRefused(false)
    } catch {
      setRefused(true)
    }
  }

  return (
    <div className="secret-text">
      <TextField
        value={fromFile ? '' : value}
        onChange={(text) => {
          setName(null)
          setRefused(false)
          onChange(text)
        }}
        isInvalid={Boolean(wrong)}
        isDisabled={(isDisabled ?? false) || fromFile}
        className="field"
        validationBehavior="aria"
        autoComplete="off"
        spellCheck="false"
      >
        <FieldLabel label={label} optional={optional} />
        <TextArea
          className={open ? 'input area mono' : 'input area mono dotted'}
          rows={3}
          dir="ltr"
          placeholder={fromFile ? texts.fileChosen(name) : ''}
        />
        {!wrong && (
          <Text slot="description" className="field-help">
            {help}
          </Text>
        )}
        <FieldError className="field-error">{wrong ?? ''}</FieldError>
      </TextField>
      {fromFile ? (
        <Button
          size="s"
          icon={X}
          onPress={() => {
            setName(null)
            onChange('')
          }}
        >
          {texts.clearFile}
        </Button>
      ) : (
        <FileTrigger acceptedFileTypes={accept} onSelect={(files) => void choose(files?.[0])}>
          <Button size="s" icon={FileKey} isDisabled={isDisabled ?? false} aria-label={`${texts.chooseFile}: ${label}`}>
            {texts.chooseFile}
          </Button>
        </FileTrigger>
      )}
    </div>
  )
}
