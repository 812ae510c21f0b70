import { FileKey } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { DropZone } from 'react-aria-components/DropZone'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import type { Provider, Registration } from '../../../shared/models.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { largestFile, readFile } from '../../components/read-file.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { splitList } from '../connect/draft.ts'
import './service-account.css'

/** True where a key file alone makes a registration: the assertion grant, and nothing else that has to be entered. */
export const takesKeyFile = (provider: Provider): boolean =>
  provider.grants.includes('jwt_bearer') && !provider.variables.some((it) => it.required && it.default === null)

interface Props {
  /** The submit button stands elsewhere and names this id. */
  id: string
  provider: Provider
  onPending: (pending: boolean) => void
  onSaved: (registration: Registration) => void
}

/** A registration out of a service account's key file. The file's text is forgotten as soon as it is sent. */
export function ServiceAccountForm({ id, provider, onPending, onSaved }: Props) {
  const texts = t.grants.serviceAccount
  const [file, setFile] = useState<{ name: string; json: string } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [subject, setSubject] = useState('')
  const [scopes, setScopes] = useState('')
  const save = useSecretCall('registrations.from_service_account', () => setFile(null), keys.registrations)
  const wrong = save.error === null ? null : errorOf(save.error)
  const at = wrong?.field ?? ''
  const inFile = wrong !== null && (at === 'json' || at.startsWith('json.'))
  const own = ['name', 'subject', 'scopes']
  const error = (field: string) => (at === field ? (wrong?.message ?? null) : null)

  async function take(name: string, blob: Blob) {
    if (blob.size > largestFile) {
      setFile(null)
      setProblem(texts.tooLarge)
      return
    }
    try {
      setFile({ name, json: await readFile(blob) })
      setProblem(null)
    } catch {
      setProblem(texts.unreadable)
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (save.isPending) return
    if (file === null) {
      setProblem(texts.missing)
      return
    }
    onPending(true)
    void save
      .send(
        {
          json: file.json,
          provider_id: provider.id,
          ...(name.trim() === '' ? {} : { name: name.trim() }),
          ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
          ...(splitList(scopes).length === 0 ? {} : { scopes: splitList(scopes) }),
        },
        (saved) => {
          tell(t.providers.saved(saved.name))
          onSaved(saved)
        },
      )
      .then(() => onPending(false))
  }

  return (
    <form id={id} onSubmit={submit} className="stack form" noValidate>
      <p className="muted">{texts.lead}</p>
      <DropZone
        className="drop"
        aria-label={texts.drop}
        onDrop={(event) => {
          const dropped = event.items.find((it) => it.kind === 'file')
          if (dropped) void dropped.getFile().then((it) => take(dropped.name, it))
        }}
      >
        <FileKey size={24} aria-hidden className="faint" />
        <p className="drop-title break" aria-live="polite">
          {file ? texts.chosen(file.name) : texts.drop}
        </p>
        <p className="faint small">{texts.kinds}</p>
        <FileTrigger
          acceptedFileTypes={['.json', 'application/json']}
          onSelect={(files) => {
            const chosen = files?.[0]
            if (chosen) void take(chosen.name, chosen)
          }}
        >
          <Button size="s">{file ? texts.another : texts.choose}</Button>
        </FileTrigger>
      </DropZone>
      {(problem !== null || inFile) && (
        <p className="field-error break" role="alert">
          {problem ?? (
            <>
              {wrong?.message}
              {at.startsWith('json.') && (
                <>
                  {' '}
                  <span className="faint">{texts.inFile(at.slice('json.'.length))}</span>
                </>
              )}
            </>
          )}
        </p>
      )}
      <p className="faint small">{texts.kept}</p>
      <Field
        label={texts.name}
        help={texts.nameHelp}
        optional
        value={name}
        onChange={setName}
        error={error('name')}
        maxLength={200}
        autoComplete="off"
      />
      <Field
        label={texts.subject}
        help={texts.subjectHelp}
        optional
        mono
        value={subject}
        onChange={setSubject}
        error={error('subject')}
        maxLength={320}
        autoComplete="off"
        spellCheck="false"
      />
      <Field
        label={texts.scopes}
        help={texts.scopesHelp}
        optional
        mono
        value={scopes}
        onChange={setScopes}
        error={error('scopes')}
        spellCheck="false"
      />
      {wrong && !inFile && !own.includes(at) && <ErrorNote error={save.error} />}
    </form>
  )
}

export function ServiceAccountDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const form = useId()
  const [saving, setSaving] = useState(false)
  return (
    <Dialog
      isOpen
      keep
      title={t.grants.serviceAccount.title(provider.name)}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={saving}>
            {t.grants.serviceAccount.submit}
          </Button>
        </>
      }
    >
      <ServiceAccountForm id={form} provider={provider} onPending={setSaving} onSaved={onClose} />
    </Dialog>
  )
}
