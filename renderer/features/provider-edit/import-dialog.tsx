import { useQueryClient } from '@tanstack/react-query'
import { FileJson } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { DropZone } from 'react-aria-components/DropZone'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import type { ImportResult } from '../../../shared/contract-records.ts'
import { keys } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { CheckLine } from '../../components/checks.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SecretField } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { type Draft, parseObject } from './definition.ts'
import './provider-edit.css'

const atMost = 5 * 1024 * 1024

function Result({ result, onClose }: { result: ImportResult; onClose: () => void }) {
  const texts = t.providersEdit.importing
  return (
    <ul className="results small" aria-label={texts.result}>
      {result.providers.map(({ id, name, outcome }) => (
        <li key={id}>
          <a href={href(paths.provider(id))} onClick={onClose} className="grow break">
            {name}
          </a>
          <span className={outcome === 'unchanged' ? 'chip' : 'chip good'}>{texts.outcomes[outcome]}</span>
        </li>
      ))}
      {result.registrations.map(({ id, name, provider_id, complete }) => (
        <li key={id}>
          <a href={href(paths.provider(provider_id))} onClick={onClose} className="grow break" dir="auto">
            {name}
          </a>
          <span className="faint">{texts.registration}</span>
          <span className={complete ? 'chip good' : 'chip soon'}>{complete ? texts.complete : texts.incomplete}</span>
        </li>
      ))}
    </ul>
  )
}

/** A file of providers from another Latchkey, or from this one earlier. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const texts = t.providersEdit.importing
  const form = useId()
  const client = useQueryClient()
  const [file, setFile] = useState<{ name: string; document: Draft } | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [without, setWithout] = useState(false)
  const [replace, setReplace] = useState(false)
  const [result, setResult] = useState<ImportResult | null>(null)
  const run = useSecretCall('providers.import', () => setPassphrase(''), keys.providers)
  const wrong = run.error === null ? null : errorOf(run.error)
  const sealed = file?.document.secrets !== undefined
  async function choose(chosen: File | undefined) {
    if (!chosen) return
    setFile(null)
    if (chosen.size > atMost) {
      setRefused(texts.tooLarge)
      return
    }
    const parsed = parseObject(await chosen.text())
    setRefused('value' in parsed ? null : texts.notJson)
    if ('value' in parsed) setFile({ name: chosen.name, document: parsed.value })
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!file) return
    await run.send(
      {
        document: file.document,
        replace,
        without_secrets: without,
        ...(sealed && !without && passphrase !== '' ? { passphrase } : {}),
      },
      (answer) => {
        void client.invalidateQueries({ queryKey: keys.registrations })
        void client.invalidateQueries({ queryKey: ['provider'] })
        setResult(answer)
      },
    )
  }
  if (result) {
    return (
      <Dialog
        isOpen
        title={texts.result}
        onClose={onClose}
        footer={
          <Button look="primary" onPress={onClose}>
            {texts.done}
          </Button>
        }
      >
        <div className="stack">
          {result.warnings.length > 0 && (
            <Note tone="soon" title={t.providersEdit.warningTitle} alert>
              {result.warnings.map(({ message }) => (
                <p key={message} className="break">
                  {message}
                </p>
              ))}
            </Note>
          )}
          <Result result={result} onClose={onClose} />
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      isOpen
      keep
      title={texts.title}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" form={form} isPending={run.isPending} isDisabled={file === null}>
            {texts.submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="stack form" noValidate>
        <DropZone
          className="drop"
          aria-label={texts.drop}
          onDrop={async ({ items }) => {
            const dropped = items.find((it) => it.kind === 'file')
            if (dropped?.kind === 'file') await choose(await dropped.getFile())
          }}
        >
          <FileJson size={24} aria-hidden />
          <span>{file ? texts.chosen(file.name) : texts.drop}</span>
          <FileTrigger
            acceptedFileTypes={['.json', 'application/json']}
            onSelect={(list) => void choose(list?.[0] ?? undefined)}
          >
            <Button size="s">{texts.choose}</Button>
          </FileTrigger>
        </DropZone>
        {refused !== null && (
          <Note tone="bad" alert>
            {refused}
          </Note>
        )}
        {sealed && (
          <>
            <SecretField
              label={texts.passphrase}
              help={texts.passphraseHelp}
              value={passphrase}
              onChange={setPassphrase}
              isDisabled={without}
              error={wrong?.field === 'passphrase' ? wrong.message : null}
              showText={t.network.show}
              hideText={t.network.hide}
              autoComplete="off"
            />
            <CheckLine isSelected={without} onChange={setWithout}>
              {texts.without}
            </CheckLine>
          </>
        )}
        {file && (
          <CheckLine isSelected={replace} onChange={setReplace}>
            {texts.replace}
          </CheckLine>
        )}
        {wrong && wrong.field !== 'passphrase' && <ErrorNote error={run.error} />}
      </form>
    </Dialog>
  )
}
