import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { keys, useCall, useRegistrations } from '../../app/queries.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { useConnect } from '../connect/use-connect.ts'
import { RegistrationDialog } from './registration-dialog.tsx'

function Remove({ registration, onClose }: { registration: Registration; onClose: () => void }) {
  const texts = t.providers
  const remove = useCall('registrations.remove', [keys.registrations, keys.accounts, keys.activity])
  return (
    <Confirm
      isOpen
      danger
      title={texts.removeTitle(registration.name)}
      submit={texts.remove}
      pending={remove.isPending}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { id: registration.id },
          {
            onSuccess: () => {
              tell(texts.removed(registration.name))
              onClose()
            },
          },
        )
      }
    >
      {registration.accounts > 0 && <Note tone="soon">{texts.removeAccounts(registration.accounts)}</Note>}
      <p>{texts.removeText}</p>
      {remove.isError && <ErrorNote error={remove.error} />}
    </Confirm>
  )
}

/** The person's own clients at one provider. */
export function Registrations({ provider }: { provider: Provider }) {
  const texts = t.providers
  const connect = useConnect()
  const registrations = (useRegistrations().data ?? []).filter((it) => it.provider_id === provider.id)
  const [editing, setEditing] = useState<Registration | 'new' | null>(null)
  const [removing, setRemoving] = useState<Registration | null>(null)
  return (
    <section className="card" aria-labelledby="registrations">
      <div className="card-head">
        <h2 id="registrations">{texts.yourRegistrations}</h2>
        <Button size="s" icon={Plus} onPress={() => setEditing('new')}>
          {texts.addRegistration}
        </Button>
      </div>
      {registrations.length === 0 ? (
        <p className="muted registrations-none">{texts.noRegistrations}</p>
      ) : (
        <ul className="registrations">
          {registrations.map((registration) => (
            <li key={registration.id}>
              <div className="grow">
                <p className="registration-name break" dir="auto">
                  {registration.name}
                </p>
                <p className="faint small break">
                  <code>{registration.client_id}</code>
                </p>
                <p className="faint small">
                  {registration.has_client_secret ? texts.withSecret : texts.withoutSecret} ·{' '}
                  {texts.accounts(registration.accounts)}
                </p>
              </div>
              <Button
                size="s"
                onPress={() => connect({ registration: registration.id })}
                aria-label={texts.connectTo(registration.name)}
              >
                {texts.connect}
              </Button>
              <IconButton
                size="s"
                icon={Pencil}
                label={`${texts.edit}: ${registration.name}`}
                onPress={() => setEditing(registration)}
              />
              <IconButton
                size="s"
                icon={Trash2}
                label={`${texts.remove}: ${registration.name}`}
                onPress={() => setRemoving(registration)}
              />
            </li>
          ))}
        </ul>
      )}
      {editing && (
        <RegistrationDialog
          provider={provider}
          registration={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {removing && <Remove registration={removing} onClose={() => setRemoving(null)} />}
    </section>
  )
}
