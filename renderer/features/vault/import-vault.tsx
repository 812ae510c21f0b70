import { useQueryClient } from '@tanstack/react-query'
import { FileLock2 } from 'lucide-react'
import { useState } from 'react'
import { DropZone } from 'react-aria-components/DropZone'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import type { ImportReport, importRules } from '../../../shared/contract-vault.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { toBase64 } from '../../components/base64.ts'
import { Button } from '../../components/button.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { SecretField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { ImportResult } from './import-result.tsx'
import { FormDialog, refusalOf } from './passphrase-dialogs.tsx'
import '../provider-edit/provider-edit.css'

/** Bytes. In base64 it has to fit into one call of the page. */
const largest = 18_000_000

type Rule = (typeof importRules)[number]
/** The usual one first. */
const rules: readonly Rule[] = ['newer', 'keep', 'replace']

/** Accounts from a file that another Latchkey, or this one, exported. */
export function ImportVault({ onClose }: { onClose: () => void }) {
  const texts = t.protection.move
  const client = useQueryClient()
  const [file, setFile] = useState<{ name: string; document: string } | null>(null)
  const [refusedFile, refuseFile] = useState<string | null>(null)
  const [existing, setExisting] = useState<Rule>('newer')
  const [passphrase, setPassphrase] = useState('')
  const [tried, setTried] = useState(false)
  const [report, setReport] = useState<ImportReport | null>(null)
  const run = useSecretCall('vault.import', () => setPassphrase(''), keys.accounts)
  const refused = refusalOf(run.error, 'passphrase')

  async function choose(chosen: File | undefined) {
    if (!chosen) return
    setFile(null)
    if (chosen.size > largest) {
      refuseFile(texts.tooLarge)
      return
    }
    try {
      const document = toBase64(new Uint8Array(await chosen.arrayBuffer()))
      refuseFile(document === '' ? texts.unreadable : null)
      if (document !== '') setFile({ name: chosen.name, document })
    } catch {
      refuseFile(texts.unreadable)
    }
  }

  function submit() {
    setTried(true)
    if (file === null || passphrase === '') return
    void run.send({ document: file.document, passphrase, existing }, (answer) => {
      // Providers, registrations, accounts and the activity: everything may have changed.
      void client.invalidateQueries()
      setReport(answer)
    })
  }

  if (report !== null) return <ImportResult report={report} onClose={onClose} />
  return (
    <FormDialog
      title={texts.importTitle}
      submit={texts.importSubmit}
      isPending={run.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="muted">{texts.importWarning}</p>
      <DropZone
        className="drop"
        aria-label={texts.drop}
        onDrop={async ({ items }) => {
          const dropped = items.find((it) => it.kind === 'file')
          if (dropped?.kind === 'file') await choose(await dropped.getFile())
        }}
      >
        <FileLock2 size={24} aria-hidden />
        <span className="break" role="status">
          {file ? texts.picked(file.name) : texts.drop}
        </span>
        <FileTrigger onSelect={(list) => void choose(list?.[0] ?? undefined)}>
          <Button size="s">{texts.choose}</Button>
        </FileTrigger>
      </DropZone>
      {(refusedFile !== null || (tried && file === null)) && (
        <p className="field-error" role="alert">
          {refusedFile ?? texts.noFile}
        </p>
      )}
      <ChoiceCards
        label={texts.existing}
        cards={rules.map((id) => ({ id, ...texts.rules[id] }))}
        value={existing}
        onChange={(id) => setExisting(rules.find((it) => it === id) ?? 'newer')}
      />
      <SecretField
        label={texts.importPassphrase}
        value={passphrase}
        onChange={setPassphrase}
        error={tried && passphrase === '' && run.error === null ? t.protection.passphrase.empty : refused}
        showText={t.vault.show}
        hideText={t.vault.hide}
        autoComplete="off"
      />
      {run.error !== null && refused === null && <ErrorNote error={run.error} />}
    </FormDialog>
  )
}
