import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { LifecycleAction, RegistrationRevoked } from '../../../shared/contract-records.ts'
import type { Registration } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { EffectsList, isIdle, useEffects } from './effects.tsx'
import './lifecycle.css'

export type AskedOfRegistration = Exclude<LifecycleAction, 'enable'>

interface Props {
  registration: Registration
  action: AskedOfRegistration
  onClose: () => void
}

/** What became of each account's grant, where the provider did not end every one. */
function Outcomes({ revoked, onClose }: { revoked: RegistrationRevoked; onClose: () => void }) {
  const texts = t.lifecycle
  return (
    <Dialog
      isOpen
      size="s"
      title={texts.revoked(revoked.registration.name)}
      onClose={onClose}
      footer={
        <Button look="primary" autoFocus onPress={onClose}>
          {t.common.close}
        </Button>
      }
    >
      <ul className="outcomes">
        {revoked.accounts.map(({ id, alias, told, reason }) => (
          <li key={id}>
            {told ? (
              <CircleCheck size={16} aria-hidden className="good" />
            ) : (
              <TriangleAlert size={16} aria-hidden className="soon" />
            )}
            <div className="grow">
              <p className="break" dir="auto">
                {alias}
              </p>
              <p className="muted small break">{told ? texts.told : (reason ?? texts.notTold)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

/** Asks before a registration is disabled, reset, revoked or removed, with what the host says that it touches. */
export function AskRegistration({ registration, action, onClose }: Props) {
  const texts = t.lifecycle
  const [revoked, setRevoked] = useState<RegistrationRevoked | null>(null)
  const effects = useEffects({ registration: registration.id }, action)
  const run = useCall(`registrations.${action}` as const, [
    keys.registrations,
    keys.accounts,
    ['account'],
    keys.activity,
  ])
  if (revoked) return <Outcomes revoked={revoked} onClose={onClose} />
  return (
    <Confirm
      isOpen
      danger={action !== 'disable'}
      title={texts.titles[action](`“${registration.name}”`)}
      submit={texts.actions[action]}
      pending={run.isPending}
      blocked={effects.isPending || (effects.data !== undefined && isIdle(effects.data))}
      onClose={onClose}
      onConfirm={() =>
        run.mutate(
          { id: registration.id },
          {
            onSuccess: (answer) => {
              if ('accounts' in answer && Array.isArray(answer.accounts) && answer.accounts.some((it) => !it.told)) {
                setRevoked(answer as RegistrationRevoked)
                return
              }
              tell(texts.done[action](registration.name))
              onClose()
            },
          },
        )
      }
    >
      <EffectsList query={effects} />
      {run.isError && <ErrorNote error={run.error} />}
    </Confirm>
  )
}
