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
  const again = useSecretCall('vault.unlock', () => setPassphrase(''), keys.vault)
  const wrong = open.error === null ? null : errorOf(open.error)
  const wait = Math.max(0, Math.ceil((until - now) / 1000))
  const byPassphrase = vault.guards.includes('passphrase')
  // It opens the vault without a person: that the vault is closed means that it was locked, or that this failed.
  const byKeyStore = vault.guards.some((guard) => guard !== 'passphrase')
  // A wrong passphrase becomes the vault's reason too; it is said once, at the field.
  const [before] = useState(vault)
  const [last, setLast] = useState<'passphrase' | 'key store' | null>(null)
  const { reason, remedy } = wrong && last === 'passphrase' ? before : vault
  const failedAgain = last === 'key store' && again.error !== null

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (passphrase === '' || wait > 0 || open.isPending) return
    setLast('passphrase')
    const failure = await open.send({ passphrase })
    if (failure === null) return
    const { retry_after } = errorOf(failure)
    if (retry_after) setUntil(Date.now() + retry_after * 1000)
    setPassphrase('')
  }

  return (
    <Threshold title={unlock.title} lead={unlock.lead}>
      <Note key={failedAgain ? 'again' : 'first'} title={reason} alert={failedAgain}>
        {remedy && <p className="break">{remedy}</p>}
      </Note>
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
          {byKeyStore && (
            <Button
              isPending={again.isPending}
              onPress={() => {
                setLast('key store')
                void again.send({})
              }}
            >
              {unlock.keyStoreAgain}
            </Button>
          )}
        </form>
      ) : (
        <>
          <p className="muted">{byKeyStore ? unlock.noPassphrase : t.protection.memory.unlock}</p>
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
