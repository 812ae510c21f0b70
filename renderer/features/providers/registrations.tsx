import {
  CirclePlay,
  CircleSlash,
  CopyPlus,
  Ellipsis,
  FileKey,
  Pencil,
  Plus,
  RotateCcw,
  Trash2,
  Unplug,
} from 'lucide-react'
import { useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { keys, useCall, useRegistrations } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ActionMenu, type MenuAction } from '../../components/menu.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { useConnect } from '../connect/use-connect.ts'
import { type AskedOfRegistration, AskRegistration } from '../lifecycle/ask-registration.tsx'
import { RegistrationDialog } from './registration-dialog.tsx'
import { ServiceAccountDialog, takesKeyFile } from './service-account.tsx'

/** The person's own clients at one provider. */
export function Registrations({ provider }: { provider: Provider }) {
  const texts = t.providers
  const connect = useConnect()
  const registrations = (useRegistrations().data ?? []).filter((it) => it.provider_id === provider.id)
  const [editing, setEditing] = useState<Registration | 'new' | null>(null)
  const [asked, setAsked] = useState<{ registration: Registration; action: AskedOfRegistration } | null>(null)
  const [dropping, setDropping] = useState(false)
  const touched = [keys.registrations, keys.accounts, ['account'], keys.activity]
  const enable = useCall('registrations.enable', touched)
  const duplicate = useCall('registrations.duplicate', touched)
  const failed = (error: unknown) => tell(errorOf(error).message, 'bad')

  function actionsOf(registration: Registration): MenuAction[][] {
    const ask = (action: AskedOfRegistration) => () => setAsked({ registration, action })
    const { id, name } = registration
    return [
      [
        { id: 'edit', text: texts.edit, icon: Pencil, run: () => setEditing(registration) },
        {
          id: 'duplicate',
          text: t.grants.registration.duplicate,
          icon: CopyPlus,
          run: () =>
            duplicate.mutate(
              { id },
              { onSuccess: (copy) => tell(t.grants.registration.duplicated(copy.name)), onError: failed },
            ),
        },
      ],
      [
        registration.enabled
          ? { id: 'disable', text: t.lifecycle.asks.disable, icon: CircleSlash, run: ask('disable') }
          : {
              id: 'enable',
              text: t.lifecycle.actions.enable,
              icon: CirclePlay,
              run: () =>
                enable.mutate({ id }, { onSuccess: () => tell(t.lifecycle.done.enable(name)), onError: failed }),
            },
        ...(registration.accounts > 0
          ? [
              { id: 'reset', text: t.lifecycle.asks.reset, icon: RotateCcw, run: ask('reset') },
              { id: 'revoke', text: t.lifecycle.asks.revoke, icon: Unplug, run: ask('revoke') },
            ]
          : []),
        { id: 'remove', text: t.lifecycle.asks.remove, icon: Trash2, danger: true, run: ask('remove') },
      ],
    ]
  }

  return (
    <section className="card" aria-labelledby="registrations">
      <div className="card-head">
        <h2 id="registrations">{texts.yourRegistrations}</h2>
        {takesKeyFile(provider) && (
          <Button size="s" icon={FileKey} onPress={() => setDropping(true)}>
            {t.grants.serviceAccount.open}
          </Button>
        )}
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
                  {registration.enabled ? null : (
                    <>
                      <span className="chip">{t.account.states.disabled}</span>{' '}
                    </>
                  )}
                  {registration.has_private_key
                    ? t.grants.registration.withKey
                    : registration.has_client_secret
                      ? texts.withSecret
                      : texts.withoutSecret}{' '}
                  · {texts.accounts(registration.accounts)}
                </p>
              </div>
              {registration.enabled && (
                <Button
                  size="s"
                  onPress={() => connect({ registration: registration.id })}
                  aria-label={texts.connectTo(registration.name)}
                >
                  {texts.connect}
                </Button>
              )}
              <ActionMenu
                label={t.grants.registration.actions(registration.name)}
                icon={Ellipsis}
                groups={actionsOf(registration)}
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
      {asked && <AskRegistration {...asked} onClose={() => setAsked(null)} />}
      {dropping && <ServiceAccountDialog provider={provider} onClose={() => setDropping(false)} />}
    </section>
  )
}
