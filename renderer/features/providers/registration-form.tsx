import { Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Checkbox } from 'react-aria-components/Checkbox'
import type { Provider, Registration } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Disclose } from '../../components/disclose.tsx'
import { Field, SecretField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { ScopePicker } from '../connect/scope-picker.tsx'
import { draftOf, errorsOf, type RegistrationDraft, saveInput } from './registration-draft.ts'

interface Props {
  /** The submit button stands elsewhere and names this id. */
  id: string
  provider: Provider
  registration: Registration | null
  /** Whether scopes are chosen here too. */
  scopes: boolean
  onPending: (pending: boolean) => void
  onSaved: (registration: Registration) => void
}

/** The client that the provider knows the person by: created or edited. */
export function RegistrationForm({ id, provider, registration, scopes, onPending, onSaved }: Props) {
  const texts = t.connect.registration
  const [draft, setDraft] = useState(() => draftOf(provider, registration))
  const [tried, setTried] = useState(false)
  const save = useCall('registrations.save', [keys.registrations, keys.activity])
  const wrong = save.isError ? errorOf(save.error) : null
  const errors = tried ? errorsOf(provider, draft) : {}
  const error = (field: string) => errors[field] ?? (wrong?.field === field ? wrong.message : null)
  const set = (change: Partial<RegistrationDraft>) => setDraft((before) => ({ ...before, ...change }))
  const fields = new Set(['name', 'client_id', 'client_secret', 'extra_hosts', 'fallback_expiry', 'description'])
  const elsewhere = wrong && !(wrong.field && (fields.has(wrong.field) || wrong.field.startsWith('variables.')))

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (Object.keys(errorsOf(provider, draft)).length > 0) {
      const form = event.currentTarget
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    onPending(true)
    save.mutate(saveInput(provider, registration, draft), {
      onSuccess: (saved) => {
        tell(t.providers.saved(saved.name))
        onSaved(saved)
      },
      onSettled: () => onPending(false),
    })
  }

  const secretHelp = registration?.has_client_secret ? texts.secretKept : `${texts.secretNone} ${texts.secretHint}`
  return (
    <form id={id} onSubmit={submit} className="stack form" noValidate>
      <Field
        label={texts.clientId}
        mono
        value={draft.client_id}
        onChange={(client_id) => set({ client_id })}
        error={error('client_id')}
        autoComplete="off"
        spellCheck="false"
        autoFocus
      />
      <SecretField
        label={texts.clientSecret}
        optional
        help={secretHelp}
        value={draft.client_secret}
        onChange={(client_secret) => set({ client_secret })}
        error={error('client_secret')}
        autoComplete="off"
        isDisabled={draft.remove_secret}
        showText={texts.showSecret}
        hideText={texts.hideSecret}
      />
      {registration?.has_client_secret && (
        <Checkbox
          className="check"
          isSelected={draft.remove_secret}
          onChange={(remove_secret) => set({ remove_secret, client_secret: '' })}
        >
          <span className="tick">
            <Check size={12} strokeWidth={3} aria-hidden />
          </span>
          {texts.removeSecret}
        </Checkbox>
      )}
      {provider.variables.map((variable) => (
        <Field
          key={variable.name}
          label={variable.label}
          help={variable.help}
          optional={!variable.required}
          placeholder={variable.example}
          mono
          value={draft.variables[variable.name] ?? ''}
          onChange={(value) => set({ variables: { ...draft.variables, [variable.name]: value } })}
          error={error(`variables.${variable.name}`)}
          autoComplete="off"
          spellCheck="false"
        />
      ))}
      <Field
        label={texts.name}
        help={texts.nameHelp}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={error('name')}
        maxLength={200}
        autoComplete="off"
      />
      {scopes && (
        <div className="stack">
          {provider.scopes.length > 0 && (
            <div className="stack tight">
              <p className="field-label">{texts.scopes}</p>
              <ScopePicker
                label={texts.scopes}
                scopes={provider.scopes}
                value={draft.scopes}
                onChange={(names) => set({ scopes: names })}
              />
            </div>
          )}
          <Field
            label={provider.scopes.length > 0 ? t.connect.approve.more : texts.scopes}
            help={t.connect.approve.moreHelp}
            optional
            mono
            value={draft.other_scopes}
            onChange={(other_scopes) => set({ other_scopes })}
            spellCheck="false"
          />
        </div>
      )}
      <Disclose title={texts.more}>
        <div className="stack">
          {provider.client_authentication.length > 1 && (
            <Select
              label={texts.authentication}
              value={draft.client_authentication}
              onChange={(client_authentication) => set({ client_authentication })}
              choices={provider.client_authentication.map((it) => ({ id: it, text: texts.methods[it] ?? it }))}
            />
          )}
          <Field
            label={texts.description}
            optional
            lines={2}
            value={draft.description}
            onChange={(description) => set({ description })}
            error={error('description')}
          />
          <Field
            label={texts.extraHosts}
            help={texts.extraHostsHelp}
            optional
            mono
            value={draft.extra_hosts}
            onChange={(extra_hosts) => set({ extra_hosts })}
            error={error('extra_hosts')}
            spellCheck="false"
          />
          <Field
            label={texts.fallback}
            help={texts.fallbackHelp}
            optional
            unit={t.settings.seconds}
            inputMode="numeric"
            value={draft.fallback_expiry}
            onChange={(fallback_expiry) => set({ fallback_expiry })}
            error={error('fallback_expiry')}
          />
        </div>
      </Disclose>
      {elsewhere && <ErrorNote error={save.error} />}
    </form>
  )
}
