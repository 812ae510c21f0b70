import { useState } from 'react'
import type { App, Permission } from '../../../shared/contract-apps.ts'
import { keys, useAccounts, useCall } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { plainLine } from '../../components/plain-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { grantSentence } from './grant-text.ts'
import { aliasOf, draftOfPermission, emptyDraft, grantOf, permissionInput, problemsOf } from './permission-draft.ts'
import { PermissionFields } from './permission-fields.tsx'

interface Props {
  app: App
  /** null: a new one. */
  permission: Permission | null
  onClose: () => void
}

/** A permission of an app, new or to be changed. */
export function PermissionDialog({ app, permission, onClose }: Props) {
  const texts = t.apps
  const now = useNow('slow')
  const accounts = useAccounts().data ?? []
  const name = plainLine(app.name)
  const [draft, setDraft] = useState(() => (permission ? draftOfPermission(permission) : emptyDraft()))
  const [tried, setTried] = useState(false)
  const touched = [keys.apps, keys.activity, keys.usage]
  const add = useCall('permissions.add', touched)
  const change = useCall('permissions.change', touched)
  const alias = draft.account === '' ? texts.ask.someAccount(null) : aliasOf(draft.account, accounts)
  const failed = add.error ?? change.error

  function submit() {
    const at = Date.now()
    setTried(true)
    if (Object.keys(problemsOf(draft, at)).length > 0) return
    const written = permissionInput(draft, at)
    // A date that was not touched stays the moment that it was.
    const input = permission && keepsEnd(permission, draft) ? { ...written, until: permission.until } : written
    const options = {
      onSuccess: () => {
        tell(texts.app.saved)
        onClose()
      },
    }
    if (permission) change.mutate({ id: permission.id, ...input }, options)
    else add.mutate({ app: app.id, ...input }, options)
  }
  return (
    <Dialog
      isOpen
      keep
      size="l"
      title={permission ? texts.app.editTitle(name, alias ?? texts.fields.own) : texts.app.addTitle(name)}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" isPending={add.isPending || change.isPending} onPress={submit}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <div className="stack gap">
        <p className="draft-sentence said break" dir="auto" aria-live="polite">
          {grantSentence(grantOf(draft, name, alias, now), now)}
        </p>
        <PermissionFields
          open
          draft={draft}
          onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
          problems={tried ? problemsOf(draft, now) : {}}
          fixedAccount={permission !== null}
        />
        {failed && <ErrorNote error={failed} />}
      </div>
    </Dialog>
  )
}

function keepsEnd(permission: Permission, draft: ReturnType<typeof draftOfPermission>): boolean {
  const before = draftOfPermission(permission)
  return before.until === draft.until && before.date === draft.date
}
