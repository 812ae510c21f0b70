import { useLocation } from 'wouter'
import type { LifecycleAction } from '../../../shared/contract-records.ts'
import type { Account } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Confirm } from '../../components/dialog.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { EffectsList, isIdle, useEffects } from './effects.tsx'
import './lifecycle.css'

export type AskedOfAccount = Exclude<LifecycleAction, 'enable'>

interface Props {
  account: Account
  action: AskedOfAccount
  onClose: () => void
}

/** Asks before an account is disabled, reset, revoked or removed, with what the host says that it touches. */
export function AskAccount({ account, action, onClose }: Props) {
  const texts = t.lifecycle
  const [, navigate] = useLocation()
  const effects = useEffects({ account: account.id }, action)
  const touched = [keys.accounts, keys.registrations, keys.activity]
  const run = useCall(
    `accounts.${action}` as const,
    action === 'remove' ? touched : [keys.account(account.id), ...touched],
  )
  return (
    <Confirm
      isOpen
      danger={action !== 'disable'}
      title={texts.titles[action](account.alias)}
      submit={texts.actions[action]}
      pending={run.isPending}
      blocked={effects.isPending || (effects.data !== undefined && isIdle(effects.data))}
      onClose={onClose}
      onConfirm={() =>
        run.mutate(
          { account: account.id },
          {
            onSuccess: () => {
              tell(texts.done[action](account.alias))
              onClose()
              if (action === 'remove') navigate(paths.accounts)
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
