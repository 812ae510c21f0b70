import { useMemo, useState } from 'react'
import { useAccounts } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { fromBase64 } from '../../components/base64.ts'
import { CheckList } from '../../components/checks.tsx'
import { SearchField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Segments } from '../../components/segments.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { fits } from '../accounts/need.ts'
import { NewPassphrase } from './new-passphrase.tsx'
import { FormDialog, refusalOf } from './passphrase-dialogs.tsx'
import { nothingTyped, typedWrong } from './typed-passphrase.ts'

/** As many as anybody reads; the search finds the others. */
const shownAtOnce = 50

interface PickerProps {
  value: string[]
  onChange: (ids: string[]) => void
  error: string | null
}

function AccountPicker({ value, onChange, error }: PickerProps) {
  const texts = t.protection.move
  const accounts = useAccounts()
  const [words, setWords] = useState('')
  const found = useMemo(
    () => (accounts.data ?? []).filter((account) => fits(account, words.trim().toLocaleLowerCase())),
    [accounts.data, words],
  )
  return (
    <div className="stack">
      <SearchField label={texts.search} value={words} onChange={setWords} />
      <div className="vault-pick">
        {found.length === 0 && <p className="faint small">{texts.noFit}</p>}
        <CheckList
          label={texts.accounts}
          choices={found.slice(0, shownAtOnce).map(({ id, alias }) => ({ id, text: alias }))}
          value={value}
          onChange={onChange}
          error={error}
        />
        {found.length > shownAtOnce && <p className="faint small">{texts.more(found.length - shownAtOnce)}</p>}
      </div>
      <p className="muted small numbers" role="status">
        {texts.chosenCount(value.length)}
      </p>
    </div>
  )
}

/** Everything, or some accounts with what they need, as one encrypted file. */
export function ExportVault({ onClose }: { onClose: () => void }) {
  const texts = t.protection.move
  const [what, setWhat] = useState<'whole' | 'chosen'>('whole')
  const [accounts, setAccounts] = useState<string[]>([])
  const [typed, setTyped] = useState(nothingTyped)
  const [tried, setTried] = useState(false)
  const make = useSecretCall('vault.export', () => setTyped(nothingTyped), [])
  const refused = refusalOf(make.error, 'passphrase')
  const none = what === 'chosen' && accounts.length === 0
  function submit() {
    setTried(true)
    if (none || typedWrong(typed) !== null) return
    const chosen = what === 'chosen' ? { accounts } : {}
    void make.send({ passphrase: typed.passphrase, ...chosen }, (answer) => {
      const day = new Date().toISOString().slice(0, 10)
      saveFile(`latchkey-${day}.export`, fromBase64(answer.document), 'application/octet-stream')
      onClose()
      tell(texts.exported(answer.accounts))
    })
  }
  return (
    <FormDialog
      title={texts.exportTitle}
      submit={texts.exportSubmit}
      isPending={make.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Segments
        label={texts.what}
        choices={[
          { id: 'whole', text: texts.whole },
          { id: 'chosen', text: texts.chosen },
        ]}
        value={what}
        onChange={setWhat}
      />
      {what === 'chosen' && (
        <AccountPicker value={accounts} onChange={setAccounts} error={tried && none ? texts.noneChosen : null} />
      )}
      <NewPassphrase
        label={texts.passphrase}
        againLabel={texts.passphraseAgain}
        hint={texts.passphraseHint}
        typed={typed}
        onChange={setTyped}
        tried={tried}
        refused={refused ?? undefined}
      />
      <p className="faint small">{texts.warning}</p>
      {make.error !== null && refused === null && <ErrorNote error={make.error} />}
    </FormDialog>
  )
}
