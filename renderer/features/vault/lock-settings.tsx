import { type FormEvent, useState } from 'react'
import type { VaultDetails } from '../../../shared/contract-vault.ts'
import { keys, useCall, useInfo } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Switch } from '../../components/switch.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { type LockDraft, lockDraftOf, lockOf, minutesOf, sameLock } from './lock-draft.ts'

/** When the vault locks by itself. */
export function LockSettings({ details }: { details: VaultDetails }) {
  const texts = t.protection.lock
  const [draft, setDraft] = useState(() => lockDraftOf(details.lock))
  const [tried, setTried] = useState(false)
  const save = useCall('vault.set_lock', [keys.protection])
  const desktop = useInfo().data?.host === 'desktop'
  const set = (change: Partial<LockDraft>) => setDraft((before) => ({ ...before, ...change }))
  const wanted = lockOf(draft)
  const wrong = (text: string) => (tried && minutesOf(text) === undefined ? texts.wrong : null)
  const keyStoreOnly = details.slots.length > 0 && !details.slots.some(({ kind }) => kind === 'passphrase')
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (wanted !== null) save.mutate(wanted, { onSuccess: () => tell(t.settings.saved) })
  }
  return (
    <section className="card pad stack" aria-labelledby="locking">
      <div>
        <h2 id="locking">{texts.title}</h2>
        <p className="muted small">{texts.help}</p>
        {keyStoreOnly && <p className="muted small">{texts.keyStoreOnly}</p>}
      </div>
      <form onSubmit={submit} className="stack form" noValidate>
        <div className="pair">
          <Field
            label={texts.idle}
            help={texts.idleHelp}
            unit={texts.minutes}
            inputMode="numeric"
            value={draft.idle}
            onChange={(idle) => set({ idle })}
            error={wrong(draft.idle)}
          />
          <Field
            label={texts.after}
            help={texts.afterHelp}
            unit={texts.minutes}
            inputMode="numeric"
            value={draft.after}
            onChange={(after) => set({ after })}
            error={wrong(draft.after)}
          />
        </div>
        {desktop && (
          <div>
            <Switch
              title={texts.onScreenLock}
              isSelected={draft.onScreenLock}
              onChange={(onScreenLock) => set({ onScreenLock })}
            />
            <Switch title={texts.onSuspend} isSelected={draft.onSuspend} onChange={(onSuspend) => set({ onSuspend })} />
          </div>
        )}
        {save.isError && <ErrorNote error={save.error} />}
        <div>
          <Button
            type="submit"
            isPending={save.isPending}
            isDisabled={wanted !== null && sameLock(wanted, details.lock)}
          >
            {t.common.save}
          </Button>
        </div>
      </form>
    </section>
  )
}
