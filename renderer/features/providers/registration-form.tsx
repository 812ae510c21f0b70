import { type FormEvent, useState } from 'react'
import type { Provider, Registration } from '../../../shared/models.ts'
import { keys } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Disclose } from '../../components/disclose.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { ScopePicker } from '../connect/scope-picker.tsx'
import { RegistrationAdvanced, Wrong } from './registration-advanced.tsx'
import { draftOf, errorsOf, needsOf, noSecrets, type RegistrationDraft, saveInput } from './registration-draft.ts'
import { RegistrationSecrets } from './registration-secrets.tsx'

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

const shown = new Set([
  'name',
  'client_id',
  'client_secret',
  'private_key',
  'private_key_passphrase',
  'certificate',
  'client_authentication',
  'description',
  'extra_hosts',
  'fallback_expiry',
])
const optionFields = new Set(
  ['grant', 'dpop', 'par', 'resource', 'audience', 'header', 'baseUrl'].map((name) => `options.${name}`),
)
const advanced = ['options.', 'client_authentication', 'description', 'extra_hosts', 'fallback_expiry']

/** The client that the provider knows the person by: created or edited. */
export function RegistrationForm({ id, provider, registration, scopes, onPending, onSaved }: Props) {
  const texts = t.connect.registration
  const [draft, setDraft] = useState(() => draftOf(provider, registration))
  const [tried, setTried] = useState(false)
  const set = (change: Partial<RegistrationDraft>) => setDraft((before) => ({ ...before, ...change }))
  const save = useSecretCall('registrations.save', () => set(noSecrets), keys.registrations)
  const wrong = save.error === null ? null : errorOf(save.error)
  const errors = tried ? errorsOf(provider, draft) : {}
  const error = (field: string) => errors[field] ?? (wrong?.field === field ? wrong.message : null)
  const needs = needsOf(provider, draft)
  const isShown = (field: string) => shown.has(field) || field.startsWith('variables.') || optionFields.has(field)
  const elsewhere = wrong !== null && !(wrong.field && isShown(wrong.field))
  const byKey = provider.client_authentication.some((it) => it === 'private_key_jwt' || it === 'tls_client_auth')
  // What is wrong inside is not left folded away.
  const inside = [...Object.keys(errors), wrong?.field ?? ''].some((it) => advanced.some((name) => it.startsWith(name)))

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (Object.keys(errorsOf(provider, draft)).length > 0) {
      const form = event.currentTarget
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    onPending(true)
    void save
      .send(saveInput(provider, registration, draft), (saved) => {
        tell(t.providers.saved(saved.name))
        onSaved(saved)
      })
      .then(() => onPending(false))
  }

  const authentication = provider.client_authentication.length > 1 && (
    <div className="stack tight">
      <Select
        label={texts.authentication}
        value={draft.client_authentication}
        onChange={(client_authentication) => set({ client_authentication })}
        choices={provider.client_authentication.map((id) => ({ id, text: t.grants.registration.methods[id] ?? id }))}
      />
      <Wrong text={error('client_authentication')} />
    </div>
  )
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
      {byKey && authentication}
      <RegistrationSecrets registration={registration} draft={draft} needs={needs} onChange={set} error={error} />
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
      <Disclose key={String(inside)} title={t.grants.registration.advanced} open={inside}>
        <div className="stack">
          <p className="muted small">{t.grants.registration.advancedHelp}</p>
          {!byKey && authentication}
          <RegistrationAdvanced
            provider={provider}
            options={draft.options}
            signs={needs.signs}
            assertion={needs.assertion}
            onChange={(change) => set({ options: { ...draft.options, ...change } })}
            error={error}
          />
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
