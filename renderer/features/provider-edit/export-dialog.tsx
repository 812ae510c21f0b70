import { Download } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { CopyButton } from '../../components/copy.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SecretField } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { saveFile } from '../../components/save-file.ts'
import { t } from '../../texts.ts'
import './provider-edit.css'

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0)

interface Props {
  /** null: all that the person made or changed. */
  provider: { id: string; name: string } | null
  onClose: () => void
}

/** Providers as a file, with registrations and their encrypted secrets where that is wanted. */
export function ExportDialog({ provider, onClose }: Props) {
  const texts = t.providersEdit.exporting
  const form = useId()
  const [registrations, withRegistrations] = useState(false)
  const [secrets, withSecrets] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [tried, setTried] = useState(false)
  const [document, setDocument] = useState<Record<string, unknown> | null>(null)
  const make = useSecretCall('providers.export', () => setPassphrase(''), [])
  const sealed = registrations && secrets
  const wrong = make.error === null ? null : errorOf(make.error)
  async function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (sealed && passphrase.length < 12) return
    await make.send(
      {
        ...(provider ? { providers: [provider.id] } : {}),
        registrations,
        ...(sealed ? { passphrase } : {}),
      },
      (answer) => setDocument(answer.document),
    )
  }
  const title = provider ? texts.titleOne(provider.name) : texts.title
  if (document) {
    const text = JSON.stringify(document, null, 2)
    return (
      <Dialog
        isOpen
        size="l"
        title={title}
        onClose={onClose}
        footer={
          <>
            <span className="start">
              <CopyButton text={text}>{texts.copy}</CopyButton>
            </span>
            <Button onPress={onClose}>{texts.done}</Button>
            <Button
              look="primary"
              icon={Download}
              onPress={() => saveFile(`latchkey-${provider?.id ?? 'providers'}.json`, text, 'application/json')}
            >
              {texts.save}
            </Button>
          </>
        }
      >
        <div className="stack">
          <Note tone="good" title={texts.ready} alert>
            <p>
              {texts.holds(lengthOf(document.providers), lengthOf(document.registrations))}{' '}
              {document.secrets === undefined ? texts.noSecrets : texts.sealed}
            </p>
          </Note>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there */}
          <section className="wire" tabIndex={0} aria-label={texts.content}>
            <pre dir="ltr">{text}</pre>
          </section>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      isOpen
      keep
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={make.isPending}>
            {texts.submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="stack form" noValidate>
        <p className="muted">{provider ? texts.whatOne : texts.what}</p>
        <CheckLine isSelected={registrations} onChange={withRegistrations}>
          {texts.registrations}
        </CheckLine>
        {registrations && (
          <CheckLine isSelected={secrets} onChange={withSecrets}>
            {texts.secrets}
          </CheckLine>
        )}
        {sealed && (
          <SecretField
            label={texts.passphrase}
            help={texts.passphraseHelp}
            value={passphrase}
            onChange={setPassphrase}
            error={tried && passphrase.length < 12 ? texts.short : wrong?.field === 'passphrase' ? wrong.message : null}
            showText={t.network.show}
            hideText={t.network.hide}
            autoComplete="new-password"
          />
        )}
        {wrong && wrong.field !== 'passphrase' && <ErrorNote error={make.error} />}
      </form>
    </Dialog>
  )
}
