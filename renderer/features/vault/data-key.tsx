import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { VaultDetails } from '../../../shared/contract-vault.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { CurrentPassphrase, FormDialog, refusalOf } from './passphrase-dialogs.tsx'

function RotateDialog({ asks, onClose }: { asks: boolean; onClose: () => void }) {
  const texts = t.protection.key
  const [passphrase, setPassphrase] = useState('')
  const [tried, setTried] = useState(false)
  const rotate = useSecretCall('vault.rotate', () => setPassphrase(''), keys.protection)
  const refused = refusalOf(rotate.error, 'passphrase')
  function submit() {
    setTried(true)
    if (asks && passphrase === '') return
    void rotate.send(asks ? { passphrase } : {}, () => {
      onClose()
      tell(texts.done)
    })
  }
  return (
    <FormDialog
      title={texts.askTitle}
      submit={texts.submit}
      isPending={rotate.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="muted">{texts.ask}</p>
      <p className="muted">{texts.askWays}</p>
      {asks && (
        <CurrentPassphrase
          value={passphrase}
          onChange={setPassphrase}
          error={tried && passphrase === '' && rotate.error === null ? t.protection.passphrase.empty : refused}
        />
      )}
      {rotate.error !== null && !(asks && refused !== null) && <ErrorNote error={rotate.error} />}
    </FormDialog>
  )
}

/** The key under which everything is sealed; a new one takes its place while all goes on. */
export function DataKey({ details }: { details: VaultDetails }) {
  const texts = t.protection.key
  const [asking, ask] = useState(false)
  const { rotation, key_version, slots } = details
  const progress = texts.running(rotation.done, rotation.total)
  return (
    <section className="card pad stack" aria-labelledby="data-key">
      <div className="setting">
        <div className="grow">
          <div className="row wrap">
            <h2 id="data-key">{texts.title}</h2>
            <span className="chip numbers">{texts.version(key_version)}</span>
          </div>
          <p className="muted small">{texts.help}</p>
        </div>
        <Button icon={RefreshCw} isDisabled={rotation.running} onPress={() => ask(true)}>
          {texts.rotate}
        </Button>
      </div>
      {rotation.running && (
        <div className="stack tight">
          <p className="muted small numbers">{progress}</p>
          <progress
            className="vault-progress"
            aria-label={progress}
            max={Math.max(1, rotation.total)}
            value={rotation.done}
          />
        </div>
      )}
      {asking && <RotateDialog asks={slots.some(({ kind }) => kind === 'passphrase')} onClose={() => ask(false)} />}
    </section>
  )
}
