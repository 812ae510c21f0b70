import type { Input } from '../../../shared/contract.ts'
import type { Registration } from '../../../shared/models.ts'
import { t } from '../../texts.ts'

export type Options = NonNullable<Input<'registrations.save'>['options']>

type Choice = '' | 'yes' | 'no'

/** A registration's options as the form has them: text in every field, empty for "as the provider says". */
export interface OptionsDraft {
  grant: string
  dpop: Choice
  par: Choice
  resource: string
  audience: string
  bearer: string
  header_name: string
  header_prefix: string
  base_url: string
  signing_algorithm: string
  key_id: string
  assertion_issuer: string
  assertion_subject: string
  assertion_audience: string
}

/** What a key can sign with (RFC 7518 3.1, RFC 8037); shared secrets take the HS algorithms. */
export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

const choice = (value: boolean | undefined): Choice => (value === undefined ? '' : value ? 'yes' : 'no')

export function optionsDraftOf(registration: Registration | null): OptionsDraft {
  // The host checks them with this schema before they are kept.
  const options = (registration?.options ?? {}) as Options
  return {
    grant: options.grant ?? '',
    dpop: choice(options.dpop),
    par: choice(options.par),
    resource: options.resource ?? '',
    audience: options.audience ?? '',
    bearer: options.bearer ?? 'access_token',
    header_name: options.header?.name ?? '',
    header_prefix: options.header?.prefix ?? '',
    base_url: options.baseUrl ?? '',
    signing_algorithm: options.signingAlgorithm ?? '',
    key_id: options.keyId ?? '',
    assertion_issuer: options.assertion?.issuer ?? '',
    assertion_subject: options.assertion?.subject ?? '',
    assertion_audience: options.assertion?.audience ?? '',
  }
}

/** The errors of the options by the host's own field names. */
export function optionsErrorsOf(draft: OptionsDraft): Record<string, string> {
  if (draft.header_prefix.trim() === '' || draft.header_name.trim() !== '') return {}
  return { 'options.header': t.grants.registration.headerMissing }
}

export function optionsOf(draft: OptionsDraft, stored: Registration | null): Options {
  const before = (stored?.options ?? {}) as Options
  const text = (name: string, value: string) => (value.trim() === '' ? {} : { [name]: value.trim() })
  const yesNo = (name: string, value: Choice) => (value === '' ? {} : { [name]: value === 'yes' })
  const assertion = {
    ...text('issuer', draft.assertion_issuer),
    // Empty and absent differ: empty says that the client itself is meant.
    ...(before.assertion?.subject === '' && draft.assertion_subject.trim() === ''
      ? { subject: '' }
      : text('subject', draft.assertion_subject)),
    ...text('audience', draft.assertion_audience),
  }
  return {
    ...text('grant', draft.grant),
    ...yesNo('dpop', draft.dpop),
    ...yesNo('par', draft.par),
    ...text('resource', draft.resource),
    ...text('audience', draft.audience),
    ...(draft.bearer === 'id_token' ? { bearer: 'id_token' as const } : {}),
    // The space at the end of a prefix is part of it.
    ...(draft.header_name.trim() === ''
      ? {}
      : { header: { name: draft.header_name.trim(), prefix: draft.header_prefix } }),
    ...text('baseUrl', draft.base_url),
    ...text('signingAlgorithm', draft.signing_algorithm),
    ...text('keyId', draft.key_id),
    ...(Object.keys(assertion).length > 0 ? { assertion } : {}),
  }
}
