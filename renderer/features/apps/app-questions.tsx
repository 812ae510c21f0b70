import { type FormEvent, useId, useState } from 'react'
import { useLocation } from 'wouter'
import type { App } from '../../../shared/contract-apps.ts'
import { keys, useAccounts, useCall } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { plainLine } from '../../components/plain-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { EndFields, IdleSelect } from './end-fields.tsx'
import { grantSentence } from './grant-text.ts'
import { aliasOf, endOf, endProblem, momentOf, ownAccounts } from './permission-draft.ts'

export type AskedOfApp = 'rename' | 'ending' | 'revoke'

interface Props {
  app: App
  onClose: () => void
}

const touched = [keys.apps, keys.activity]

function Rename({ app, onClose }: Props) {
  const texts = t.apps.app
  const form = useId()
  const [name, setName] = useState(app.name)
  const change = useCall('apps.change', touched)
  function submit(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '') return
    change.mutate(
      { app: app.id, name: name.trim() },
      {
        onSuccess: () => {
          tell(texts.renamed)
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      keep
      size="s"
      title={texts.renameTitle}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            isPending={change.isPending}
            isDisabled={name.trim() === '' || name.trim() === app.name}
          >
            {texts.renameSubmit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label={t.apps.approve.name}
          help={t.apps.approve.nameHelp}
          value={name}
          onChange={setName}
          maxLength={80}
          autoFocus
          error={change.isError ? errorOf(change.error).message : null}
        />
      </form>
    </Dialog>
  )
}

function Ending({ app, onClose }: Props) {
  const texts = t.apps.app
  const [end, setEnd] = useState(() => endOf(app.expires_at))
  const [idle, setIdle] = useState(app.idle_days)
  const [tried, setTried] = useState(false)
  const change = useCall('apps.change', touched)
  const problem = tried ? endProblem(end, Date.now()) : null
  function submit() {
    const now = Date.now()
    setTried(true)
    if (endProblem(end, now) !== null) return
    const before = endOf(app.expires_at)
    const same = before.until === end.until && before.date === end.date
    change.mutate(
      { app: app.id, expires_at: same ? app.expires_at : momentOf(end, now), idle_days: idle },
      {
        onSuccess: () => {
          tell(texts.saved)
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      isOpen
      keep
      size="s"
      title={texts.endingTitle}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button look="primary" isPending={change.isPending} onPress={submit}>
            {t.common.save}
          </Button>
        </>
      }
    >
      <div className="stack gap form">
        <p className="muted">{texts.endingText}</p>
        <EndFields
          label={t.apps.fields.appUntil}
          end={end}
          onChange={(part) => setEnd((before) => ({ ...before, ...part }))}
          error={problem}
        />
        <IdleSelect days={idle} onChange={setIdle} />
        {change.isError && <ErrorNote error={change.error} />}
      </div>
    </Dialog>
  )
}

function Revoke({ app, onClose }: Props) {
  const texts = t.apps.app
  const now = useNow('slow')
  const [, navigate] = useLocation()
  const accounts = useAccounts().data ?? []
  const name = plainLine(app.name)
  const revoke = useCall('apps.revoke', [keys.activity, keys.usage, keys.asks])
  return (
    <Confirm
      isOpen
      danger
      title={texts.revokeTitle(name)}
      submit={texts.revokeSubmit}
      pending={revoke.isPending}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(
          { app: app.id },
          {
            onSuccess: () => {
              tell(texts.revoked(name))
              navigate(paths.apps)
            },
          },
        )
      }
    >
      <p>{texts.revokeKey}</p>
      {app.permissions.length === 0 ? (
        <p>{texts.revokeNone}</p>
      ) : (
        <div>
          <p>{texts.revokePermissions(app.permissions.length)}</p>
          <ul className="wants">
            {app.permissions.map((permission) => (
              <li key={permission.id} className="break">
                {grantSentence(
                  { ...permission, app: null, account: aliasOf(permission.account_id ?? ownAccounts, accounts) },
                  now,
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {app.permissions.some(({ rights }) => rights.includes('token')) && <p>{texts.revokeToken}</p>}
      <p>
        {texts.revokeAgain} {texts.revokeKept}
      </p>
      {revoke.isError && <ErrorNote error={revoke.error} />}
    </Confirm>
  )
}

/** What is asked before an app is changed or goes. */
export function AppQuestions({ app, asked, onClose }: Props & { asked: AskedOfApp | null }) {
  if (asked === 'rename') return <Rename app={app} onClose={onClose} />
  if (asked === 'ending') return <Ending app={app} onClose={onClose} />
  if (asked === 'revoke') return <Revoke app={app} onClose={onClose} />
  return null
}
