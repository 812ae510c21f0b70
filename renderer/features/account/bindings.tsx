import { Link2, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Account } from '../../../shared/models.ts'
import { keys, useAccounts, useBindings, useCall } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { isolated } from '../../components/plain-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { isHost } from '../apps/permission-draft.ts'

/** The hosts whose requests use this account when a program names none. */
export function Bindings({ account }: { account: Account }) {
  const texts = t.usage
  const bindings = useBindings()
  const accounts = useAccounts().data ?? []
  const [host, setHost] = useState('')
  const [tried, setTried] = useState(false)
  const save = useCall('bindings.save', [keys.bindings, keys.activity])
  const remove = useCall('bindings.remove', [keys.bindings, keys.activity])
  const own = (bindings.data ?? []).filter((it) => it.account_id === account.id)
  const written = host.trim().toLowerCase()
  const other = bindings.data?.find((it) => it.host === written && it.account_id !== account.id)
  const otherAlias = accounts.find((it) => it.id === other?.account_id)?.alias
  const wrong = tried && !isHost(written) ? texts.hostMissing : null

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!isHost(written)) return
    save.mutate(
      { host: written, account: account.id },
      {
        onSuccess: (binding) => {
          tell(texts.bound(binding.host))
          setHost('')
          setTried(false)
        },
      },
    )
  }
  return (
    <section className="card pad stack" aria-labelledby="bindings">
      <div>
        <h2 id="bindings">{texts.bindings}</h2>
        <p className="muted small">{texts.bindingsLead}</p>
      </div>
      {bindings.isError && <ErrorNote error={bindings.error} />}
      {bindings.data && own.length === 0 && <p className="faint small">{texts.bindingsNone}</p>}
      {own.length > 0 && (
        <ul>
          {own.map((binding) => (
            <li key={binding.host} className="binding">
              <Link2 size={15} aria-hidden className="faint" />
              <code className="grow break">{binding.host}</code>
              <IconButton
                size="s"
                icon={X}
                label={texts.unbind(binding.host)}
                onPress={() =>
                  remove.mutate(
                    { host: binding.host },
                    {
                      onSuccess: () => tell(texts.unbound(binding.host)),
                      onError: (error) => tell(errorOf(error).message, 'bad'),
                    },
                  )
                }
              />
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="bind" noValidate>
        <Field
          label={texts.bindHost}
          mono
          value={host}
          onChange={(value) => {
            setHost(value)
            save.reset()
          }}
          placeholder="api.example.com"
          spellCheck="false"
          autoComplete="off"
          help={other ? texts.boundElsewhere(written, isolated(otherAlias ?? t.apps.app.unknownAccount)) : null}
          error={wrong ?? (save.isError ? errorOf(save.error).message : null)}
        />
        <Button type="submit" isPending={save.isPending} isDisabled={written === ''}>
          {texts.bind}
        </Button>
      </form>
    </section>
  )
}
