import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SecretField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { NewPassphrase } from './new-passphrase.tsx'
import { nothingTyped, typedWrong } from './typed-passphrase.ts'

interface FormProps {
  title: string
  submit: string
  isPending: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** A dialog with a form; Enter sends it, and clicking beside it forgets nothing. */
export function FormDialog({ title, submit, isPending, onSubmit, onClose, children }: FormProps) {
  const form = useId()
  function send(event: FormEvent) {
    event.preventDefault()
    // A form in a dialog over another form is inside it for React's events.
    event.stopPropagation()
    if (!isPending) onSubmit()
  }
  return (
    <Dialog
      isOpen
      keep
      size="s"
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={isPending}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send} className="stack form" noValidate>
        {children}
      </form>
    </Dialog>
  )
}

interface CurrentProps {
  label?: string
  value: string
  onChange: (passphrase: string) => void
  error?: string | null | undefined
}

/** The passphrase that is already known. */
export function CurrentPassphrase({ label = t.vault.unlock.passphrase, value, onChange, error }: CurrentProps) {
  return (
    <SecretField
      label={label}
      value={value}
      onChange={onChange}
      error={error}
      showText={t.vault.show}
      hideText={t.vault.hide}
      autoComplete="current-password"
      autoFocus
    />
  )
}

/** What the host says about this field, or null. */
export const refusalOf = (error: unknown, field: string): string | null => {
  if (error === null) return null
  const wire = errorOf(error)
  return wire.field === field ? wire.message : null
}

export function AddPassphrase({ onClose }: { onClose: () => void }) {
  const texts = t.protection.passphrase
  const client = useQueryClient()
  const [typed, setTyped] = useState(nothingTyped)
  const [tried, setTried] = useState(false)
  const add = useSecretCall('vault.add_guard', () => setTyped(nothingTyped), keys.protection)
  const refused = refusalOf(add.error, 'passphrase')
  function submit() {
    setTried(true)
    if (typedWrong(typed) !== null) return
    void add.send({ kind: 'passphrase', passphrase: typed.passphrase }, () => {
      void client.invalidateQueries({ queryKey: keys.vault })
      onClose()
      tell(t.protection.ways.added(t.vault.unlock.passphrase))
    })
  }
  return (
    <FormDialog
      title={texts.addTitle}
      submit={texts.addSubmit}
      isPending={add.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="muted">{texts.addLead}</p>
      <NewPassphrase
        label={texts.next}
        againLabel={texts.again}
        hint={t.vault.setup.hint}
        typed={typed}
        onChange={setTyped}
        tried={tried}
        refused={refused ?? undefined}
        autoFocus
      />
      <p className="faint small">{t.vault.setup.warning}</p>
      {add.error !== null && refused === null && <ErrorNote error={add.error} />}
    </FormDialog>
  )
}

export function ChangePassphrase({ onClose }: { onClose: () => void }) {
  const texts = t.protection.passphrase
  const [current, setCurrent] = useState('')
  const [typed, setTyped] = useState(nothingTyped)
  const [tried, setTried] = useState(false)
  const forget = () => {
    setCurrent('')
    setTyped(nothingTyped)
    setTried(false)
  }
  const change = useSecretCall('vault.change_passphrase', forget, keys.protection)
  const wrongCurrent = refusalOf(change.error, 'current')
  const refused = refusalOf(change.error, 'passphrase')
  function submit() {
    setTried(true)
    if (current === '' || typedWrong(typed) !== null) return
    void change.send({ current, passphrase: typed.passphrase }, () => {
      onClose()
      tell(texts.changed)
    })
  }
  return (
    <FormDialog
      title={texts.changeTitle}
      submit={texts.changeSubmit}
      isPending={change.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <CurrentPassphrase
        label={texts.current}
        value={current}
        onChange={setCurrent}
        error={tried && current === '' ? texts.empty : wrongCurrent}
      />
      <NewPassphrase
        label={texts.next}
        againLabel={texts.again}
        hint={t.vault.setup.hint}
        typed={typed}
        onChange={setTyped}
        tried={tried}
        refused={refused ?? undefined}
      />
      <p className="faint small">{texts.old}</p>
      {change.error !== null && wrongCurrent === null && refused === null && <ErrorNote error={change.error} />}
    </FormDialog>
  )
}
