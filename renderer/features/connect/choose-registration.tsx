import { useId, useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { Button } from '../../components/button.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Note } from '../../components/note.tsx'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { Guide } from '../providers/guide.tsx'
import { RegistrationForm } from '../providers/registration-form.tsx'
import { ServiceAccountForm, takesKeyFile } from '../providers/service-account.tsx'

interface Props {
  provider: Provider
  registrations: Registration[]
  onBack: (() => void) | null
  onChoose: (registration: Registration) => void
}

const create = 'new'
const keyFile = 'key-file'

/** Step two: a registration that exists, or a new one with the guide to getting it. */
export function ChooseRegistration({ provider, registrations, onBack, onChoose }: Props) {
  const texts = t.connect.registration
  const [value, setValue] = useState((registrations.find((it) => it.enabled) ?? registrations[0])?.id ?? create)
  const [saving, setSaving] = useState(false)
  const form = useId()
  const chosen = registrations.find((it) => it.id === value)
  const others = [
    { id: create, title: texts.create, text: texts.createHelp },
    ...(takesKeyFile(provider)
      ? [{ id: keyFile, title: t.grants.serviceAccount.open, text: t.grants.serviceAccount.card }]
      : []),
  ]
  return (
    <>
      <div className="dialog-body stack loose">
        {registrations.length + others.length > 1 && (
          <ChoiceCards
            label={texts.choose}
            value={value}
            onChange={setValue}
            cards={[
              ...registrations.map((it) => ({
                id: it.id,
                title: it.name,
                text: it.client_id,
                aside: it.enabled ? (
                  <span className="faint small">
                    <Moment at={it.updated_at} />
                  </span>
                ) : (
                  <span className="chip">{t.account.states.disabled}</span>
                ),
              })),
              ...others,
            ]}
          />
        )}
        {chosen && !chosen.enabled && <Note tone="soon">{t.grants.registration.off}</Note>}
        {value === keyFile && (
          <ServiceAccountForm id={form} provider={provider} onPending={setSaving} onSaved={onChoose} />
        )}
        {!chosen && value !== keyFile && (
          <>
            {registrations.length === 0 && <p className="muted">{texts.explain}</p>}
            <section className="stack" aria-labelledby={`${form}-guide`}>
              <h3 id={`${form}-guide`}>{texts.guide}</h3>
              <Guide provider={provider} />
            </section>
            <section className="stack" aria-labelledby={`${form}-here`}>
              <h3 id={`${form}-here`}>{texts.here}</h3>
              <RegistrationForm
                id={form}
                provider={provider}
                registration={null}
                scopes={false}
                onPending={setSaving}
                onSaved={onChoose}
              />
            </section>
          </>
        )}
      </div>
      <footer className="dialog-foot">
        {onBack && (
          <Button look="quiet" className="start" onPress={onBack}>
            {t.common.back}
          </Button>
        )}
        {chosen ? (
          <Button look="primary" autoFocus isDisabled={!chosen.enabled} onPress={() => onChoose(chosen)}>
            {t.connect.next}
          </Button>
        ) : (
          <Button look="primary" type="submit" form={form} isPending={saving}>
            {texts.saveAndContinue}
          </Button>
        )}
      </footer>
    </>
  )
}
