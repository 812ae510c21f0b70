import type { Account, Grant, Provider } from '../../../shared/models.ts'
import { Field, SecretField } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { Note } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'

/** What the grants need besides the registration. `username` and `password` are forgotten when they are sent. */
export interface GrantValues {
  username: string
  password: string
  subject: string
  subject_account: string
}

export const noValues: GrantValues = { username: '', password: '', subject: '', subject_account: '' }

/** Field → what is missing. `kept`: the account was obtained this way before, so Latchkey still has what it took. */
export function missing(grant: Grant, values: GrantValues, kept: boolean): Partial<Record<keyof GrantValues, string>> {
  if (kept) {
    // A new user name comes with its own password.
    const other = grant === 'password' && values.username.trim() !== '' && values.password === ''
    return other ? { password: t.grants.password.passwordMissing } : {}
  }
  if (grant === 'password') {
    return {
      ...(values.username.trim() === '' ? { username: t.grants.password.usernameMissing } : {}),
      ...(values.password === '' ? { password: t.grants.password.passwordMissing } : {}),
    }
  }
  if (grant === 'token_exchange' && values.subject_account === '') return { subject_account: t.grants.fromMissing }
  return {}
}

interface Props {
  grant: Grant
  provider: Provider
  /** The accounts whose token could be exchanged. */
  accounts: Account[]
  kept: boolean
  values: GrantValues
  onChange: (change: Partial<GrantValues>) => void
  error: (field: string) => string | null
}

export function GrantFields({ grant, provider, accounts, kept, values, onChange, error }: Props) {
  const texts = t.grants
  if (grant === 'password') {
    const secret = { showText: texts.password.show, hideText: texts.password.hide, autoComplete: 'off' }
    const help = kept ? texts.password.kept : undefined
    return (
      <div className="stack">
        <Note tone="soon" title={texts.password.warningTitle}>
          {texts.password.warning(provider.name)}
        </Note>
        <SecretField
          {...secret}
          label={texts.password.username}
          help={help}
          optional={kept}
          value={values.username}
          onChange={(username) => onChange({ username })}
          error={error('username')}
        />
        <SecretField
          {...secret}
          label={texts.password.password}
          help={help}
          optional={kept}
          value={values.password}
          onChange={(password) => onChange({ password })}
          error={error('password')}
        />
      </div>
    )
  }
  if (grant === 'jwt_bearer') {
    return (
      <Field
        label={texts.subject}
        help={texts.subjectHelp}
        optional
        mono
        value={values.subject}
        onChange={(subject) => onChange({ subject })}
        error={error('subject')}
        maxLength={1000}
        autoComplete="off"
        spellCheck="false"
      />
    )
  }
  if (grant === 'token_exchange') {
    if (accounts.length === 0) return <Note tone="soon">{texts.fromNone}</Note>
    const wrong = error('subject_account')
    return (
      <div className="stack tight">
        <Select
          label={texts.from}
          value={values.subject_account === '' ? null : values.subject_account}
          placeholder={kept ? texts.fromKept : texts.fromChoose}
          onChange={(id) => onChange({ subject_account: id })}
          choices={accounts.map((it) => ({
            id: it.id,
            text: it.alias,
            help: `${it.provider_name} · ${t.account.states[it.status.state]}`,
            mark: <Mark id={it.provider_id} name={it.provider_name} size={20} />,
          }))}
        />
        {wrong && (
          <p className="field-error" role="alert">
            {wrong}
          </p>
        )}
      </div>
    )
  }
  return null
}
