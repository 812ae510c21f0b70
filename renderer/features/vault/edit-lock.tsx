import { useState } from 'react'
import type { VaultDetails } from '../../../shared/contract-vault.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { CurrentPassphrase, FormDialog, refusalOf } from './passphrase-dialogs.tsx'

function SwitchDialog({ enabled, onClose }: { enabled: boolean; onClose: () => void }) {
  const texts = t.protection.edit
  const [passphrase, setPassphrase] = useState('')
  const [tried, setTried] = useState(false)
  const set = useSecretCall('vault.set_edit_lock', () => setPassphrase(''), keys.protection)
  const refused = refusalOf(set.error, 'passphrase')
  function submit() {
    setTried(true)
    if (passphrase === '') return
    void set.send({ enabled, passphrase }, () => {
      onClose()
      tell(enabled ? texts.turnedOn : texts.turnedOff)
    })
  }
  return (
    <FormDialog
      title={enabled ? texts.turnOnTitle : texts.turnOffTitle}
      submit={enabled ? texts.submitOn : texts.submitOff}
      isPending={set.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="muted">{texts.help}</p>
      <CurrentPassphrase
        value={passphrase}
        onChange={setPassphrase}
        error={tried && passphrase === '' && set.error === null ? t.protection.passphrase.empty : refused}
      />
      {set.error !== null && refused === null && <ErrorNote error={set.error} />}
    </FormDialog>
  )
}

/** E2: whether changes to providers, registrations and routes ask for the passphrase. */
export function EditLock({ details }: { details: VaultDetails }) {
  const texts = t.protection.edit
  const [asking, ask] = useState<'on' | 'off' | null>(null)
  const now = useNow('slow')
  const { enabled, open_until } = details.edit_lock
  const possible = details.slots.some(({ kind }) => kind === 'passphrase')
  return (
    <section className="card pad stack" aria-labelledby="edit-lock">
      <div className="setting">
        <div className="grow">
          <div className="row wrap">
            <h2 id="edit-lock">{texts.title}</h2>
            <span className={enabled ? 'chip good' : 'chip'}>{enabled ? texts.on : texts.off}</span>
          </div>
          <p className="muted small">{texts.help}</p>
          {!possible && <p className="muted small">{texts.needsPassphrase}</p>}
          {enabled && open_until !== null && Date.parse(open_until) > now && (
            <p className="muted small">
              {texts.openUntil}. {texts.until} <Moment at={open_until} />.
            </p>
          )}
        </div>
        <Button isDisabled={!possible} onPress={() => ask(enabled ? 'off' : 'on')}>
          {enabled ? texts.turnOff : texts.turnOn}
        </Button>
      </div>
      {asking !== null && <SwitchDialog enabled={asking === 'on'} onClose={() => ask(null)} />}
    </section>
  )
}
