import type { Input } from '../../../shared/contract.ts'
import type { Provider, Registration, Variable } from '../../../shared/models.ts'
import { t } from '../../texts.ts'
import { splitList } from '../connect/draft.ts'
import { type OptionsDraft, optionsDraftOf, optionsErrorsOf, optionsOf } from './registration-options.ts'

/** The form as it stands: text in every field. */
export interface RegistrationDraft {
  name: string
  description: string
  client_id: string
  client_secret: string
  remove_secret: boolean
  private_key: string
  private_key_passphrase: string
  remove_key: boolean
  certificate: string
  remove_certificate: boolean
  client_authentication: string
  scopes: string[]
  other_scopes: string
  variables: Record<string, string>
  extra_hosts: string
  fallback_expiry: string
  options: OptionsDraft
}

/** What is typed once and never shown again. */
export const noSecrets = { client_secret: '', private_key: '', private_key_passphrase: '', certificate: '' }

/** Which secrets the client needs, by how it proves itself and how it obtains grants. */
export function needsOf(provider: Provider, draft: RegistrationDraft) {
  const method = draft.client_authentication
  const grant = draft.options.grant || provider.grants[0]
  const signsGrant = grant === 'jwt_bearer'
  return {
    secret: method === 'none' || method.startsWith('client_secret_'),
    key: method === 'private_key_jwt' || method === 'tls_client_auth' || signsGrant,
    certificate: method === 'tls_client_auth',
    signs: method === 'private_key_jwt' || signsGrant,
    assertion: signsGrant,
  }
}

export function draftOf(provider: Provider, registration: Registration | null): RegistrationDraft {
  const listed = new Set(provider.scopes.map((scope) => scope.name))
  const scopes = registration?.scopes ?? provider.scopes.filter((scope) => scope.default).map((scope) => scope.name)
  return {
    name: registration?.name ?? t.connect.registration.defaultName(provider.name),
    description: registration?.description ?? '',
    client_id: registration?.client_id ?? '',
    ...noSecrets,
    remove_secret: false,
    remove_key: false,
    remove_certificate: false,
    client_authentication: registration?.client_authentication ?? provider.client_authentication[0] ?? 'none',
    scopes: scopes.filter((name) => listed.has(name)),
    other_scopes: scopes.filter((name) => !listed.has(name)).join(' '),
    variables: Object.fromEntries(
      provider.variables.map((it) => [it.name, registration?.variables[it.name] ?? it.default ?? '']),
    ),
    extra_hosts: (registration?.extra_hosts ?? []).join(' '),
    fallback_expiry: registration?.fallback_expiry ? String(registration.fallback_expiry) : '',
    options: optionsDraftOf(registration),
  }
}

function variableError({ required, pattern, label, example }: Variable, value: string): string | null {
  if (value === '') return required ? t.connect.registration.required(label) : null
  if (pattern === null) return null
  try {
    // The whole value has to fit, however the pattern is anchored.
    return new RegExp(`^(?:${pattern})$`, 'u').test(value) ? null : t.connect.registration.patternWrong(label, example)
  } catch {
    // The host checks with the same pattern and says what it finds.
    return null
  }
}

/** Field name → what is wrong with it. Empty: it can be sent. */
export function errorsOf(provider: Provider, draft: RegistrationDraft): Record<string, string> {
  const texts = t.connect.registration
  const errors: Record<string, string> = optionsErrorsOf(draft.options)
  if (draft.name.trim() === '') errors.name = texts.required(texts.name)
  if (draft.client_id.trim() === '') errors.client_id = texts.required(texts.clientId)
  if (draft.fallback_expiry.trim() !== '' && !/^[1-9]\d{0,8}$/.test(draft.fallback_expiry.trim())) {
    errors.fallback_expiry = texts.fallbackWrong
  }
  for (const variable of provider.variables) {
    const error = variableError(variable, (draft.variables[variable.name] ?? '').trim())
    if (error !== null) errors[`variables.${variable.name}`] = error
  }
  return errors
}

export function saveInput(
  provider: Provider,
  registration: Registration | null,
  draft: RegistrationDraft,
): Input<'registrations.save'> {
  const fallback = draft.fallback_expiry.trim()
  // Absent keeps the stored one, empty removes it.
  const secret = (name: 'client_secret' | 'private_key' | 'certificate', remove: boolean) =>
    remove ? { [name]: '' } : draft[name].trim() === '' ? {} : { [name]: draft[name] }
  return {
    ...(registration ? { id: registration.id } : {}),
    provider_id: provider.id,
    name: draft.name.trim(),
    description: draft.description.trim(),
    client_id: draft.client_id.trim(),
    ...secret('client_secret', draft.remove_secret),
    ...secret('private_key', draft.remove_key),
    ...(draft.private_key_passphrase === '' || draft.private_key === ''
      ? {}
      : { private_key_passphrase: draft.private_key_passphrase }),
    ...secret('certificate', draft.remove_certificate),
    client_authentication: draft.client_authentication as Input<'registrations.save'>['client_authentication'],
    options: optionsOf(draft.options, registration),
    scopes: [...new Set([...draft.scopes, ...splitList(draft.other_scopes)])],
    variables: Object.fromEntries(
      Object.entries(draft.variables)
        .map(([name, value]) => [name, value.trim()] as const)
        .filter(([, value]) => value !== ''),
    ),
    extra_hosts: splitList(draft.extra_hosts),
    fallback_expiry: fallback === '' ? null : Number(fallback),
  }
}
