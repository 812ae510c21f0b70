import { type FormEvent, useId, useState } from 'react'
import type { Account } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { AskAccount, type AskedOfAccount } from '../lifecycle/ask-account.tsx'

export type Asked = 'rename' | 'expire' | AskedOfAccount

interface Props {
  account: Account
  onClose: () => void
}

function Rename({ account, onClose }: Props) {
  const texts = t.account.rename
  const form = useId()
  const [alias, setAlias] = useState(account.alias)
  const rename = useCall('accounts.rename', [keys.account(account.id), keys.accounts, keys.activity])
  function submit(event: FormEvent) {
    event.preventDefault()
    if (alias.trim() === '') return
    rename.mutate(
      { account: account.id, alias: alias.trim() },
      {
        onSuccess: () => {
          tell(t.account.done.renamed)
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
      title={texts.title}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t.common.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            isPending={rename.isPending}
            isDisabled={alias.trim() === '' || alias.trim() === account.alias}
          >
            {texts.submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field
          label={texts.label}
          help={texts.help}
          value={alias}
          onChange={setAlias}
          maxLength={200}
          autoFocus
          error={rename.isError ? errorOf(rename.error).message : null}
        />
      </form>
    </Dialog>
  )
}

function Expire({ account, onClose }: Props) {
  const texts = t.account.expire
  const expire = useCall('accounts.expire', [keys.account(account.id), keys.accounts, keys.activity])
  return (
    <Confirm
      isOpen
      title={texts.title(account.alias)}
      submit={texts.submit}
      pending={expire.isPending}
      onClose={onClose}
      onConfirm={() =>
        expire.mutate(
          { account: account.id },
          {
            onSuccess: () => {
              tell(t.account.done.expired)
              onClose()
            },
          },
        )
      }
    >
      <p>{texts.text}</p>
      {expire.isError && <ErrorNote error={expire.error} />}
    </Confirm>
  )
}

/** What asks before it is done, and says what it touches. */
export function Questions({ account, asked, onClose }: Props & { asked: Asked | null }) {
  if (asked === 'rename') return <Rename account={account} onClose={onClose} />
  if (asked === 'expire') return <Expire account={account} onClose={onClose} />
  if (asked === null) return null
  return <AskAccount account={account} action={asked} onClose={onClose} />
}
