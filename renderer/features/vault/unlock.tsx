import { type FormEvent, useState } from 'react'
import type { VaultStatus } from '../../../shared/models.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { SecretField } from '../../components/field.tsx'
import { Note } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { t } from '../../texts.ts'
import { Threshold } from './threshold.tsx'

/** Locked: why, and the way in. Too many wrong passphrases show how long the next try has to wait. */
export function Unlock({ vault }: { vault: VaultStatus }) {
  const { unlock } = t.vault
  const [passphrase, setPassphrase] = useState('')
  const [until, setUntil] = useState(0)
  const now = useNow('second')
  const open = useSecretCall('vault.unlock', () => setPassphrase(''), keys.vault)
  const wrong = open.error === null ? null : errorOf(open.error)
  const wait = Math.max(0, Math.ceil((until - now) / 1000))
  const byPassphrase = vault.guards.includes('passphrase')
  // A wrong passphrase becomes the vault's reason too; it is said once, at the field.
  const [before] = useState(vault)
  const { reason, remedy } = wrong ? before : vault

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (passphrase === '' || wait > 0 || open.isPending) return
    const failure = await open.send({ passphrase })
    if (failure === null) return
    const { retry_after } = errorOf(failure)
    if (retry_after) setUntil(Date.now() + retry_after * 1000)
    setPassphrase('')
  }

  return (
    <Threshold title={unlock.title} lead={unlock.lead}>
      <Note title={reason}>{remedy && <p className="break">{remedy}</p>}</Note>
      {byPassphrase ? (
        <form onSubmit={(event) => void submit(event)} className="stack" noValidate>
          <SecretField
            label={unlock.passphrase}
            value={passphrase}
            onChange={setPassphrase}
            error={wait > 0 ? unlock.wait(wait) : wrong?.message}
            showText={t.vault.show}
            hideText={t.vault.hide}
            autoComplete="current-password"
            autoFocus
          />
          <Button look="primary" type="submit" isPending={open.isPending} isDisabled={wait > 0}>
            {unlock.submit}
          </Button>
        </form>
      ) : (
        <>
          <p className="muted">{unlock.noPassphrase}</p>
          {wrong && (
            <Note tone="bad" alert title={wrong.message}>
              {wrong.action && <p className="break">{wrong.action.text}</p>}
            </Note>
          )}
          <Button look="primary" isPending={open.isPending} onPress={() => void open.send({})}>
            {unlock.withKeyStore}
          </Button>
        </>
      )}
    </Threshold>
  )
}
