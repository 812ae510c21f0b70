import type { Provider } from '../../../shared/models.ts'
import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { algorithms, type OptionsDraft } from './registration-options.ts'

interface Props {
  provider: Provider
  options: OptionsDraft
  /** The grant that signs an assertion, or a client that signs one. */
  signs: boolean
  assertion: boolean
  onChange: (change: Partial<OptionsDraft>) => void
  error: (field: string) => string | null
}

/** What a registration chooses where the provider leaves a choice. */
export function RegistrationAdvanced({ provider, options, signs, assertion, onChange, error }: Props) {
  const texts = t.grants.registration
  const choices = [
    { id: '', text: texts.asProvider },
    { id: 'yes', text: texts.yes },
    { id: 'no', text: texts.no },
  ]
  const text = (name: keyof OptionsDraft, field: string, label: string, help?: string) => (
    <Field
      label={label}
      {...(help ? { help } : {})}
      optional
      mono
      value={options[name]}
      onChange={(value) => onChange({ [name]: value })}
      error={error(`options.${field}`)}
      autoComplete="off"
      spellCheck="false"
    />
  )
  const choose = (name: 'dpop' | 'par', label: string) => (
    <div className="stack tight">
      <Select label={label} value={options[name]} onChange={(id) => onChange({ [name]: id })} choices={choices} />
      <Wrong text={error(`options.${name}`)} />
    </div>
  )
  return (
    <>
      {provider.grants.length > 1 && (
        <div className="stack tight">
          <Select
            label={texts.grant}
            value={options.grant}
            onChange={(grant) => onChange({ grant })}
            choices={[
              { id: '', text: texts.asProvider },
              ...provider.grants.map((id) => ({ id, text: t.grants.names[id] ?? id, help: t.grants.helps[id] ?? '' })),
            ]}
          />
          <Wrong text={error('options.grant')} />
        </div>
      )}
      <div className="pair">
        {choose('dpop', texts.dpop)}
        {choose('par', texts.par)}
      </div>
      {text('resource', 'resource', texts.resource, texts.resourceHelp)}
      {text('audience', 'audience', texts.audience, texts.audienceHelp)}
      {text('base_url', 'baseUrl', texts.baseUrl, texts.baseUrlHelp)}
      <Select
        label={texts.bearer}
        value={options.bearer}
        onChange={(bearer) => onChange({ bearer })}
        choices={(['access_token', 'id_token'] as const).map((id) => ({ id, text: texts.bearers[id] }))}
      />
      <div className="pair">
        {text('header_name', 'header', texts.headerName)}
        {text('header_prefix', 'header_prefix', texts.headerPrefix, texts.headerPrefixHelp)}
      </div>
      {signs && (
        <div className="pair">
          <div className="stack tight">
            <Select
              label={texts.algorithm}
              value={options.signing_algorithm}
              onChange={(signing_algorithm) => onChange({ signing_algorithm })}
              choices={[
                { id: '', text: texts.algorithmHelp },
                ...[...new Set([...algorithms, options.signing_algorithm])]
                  .filter((id) => id !== '')
                  .map((id) => ({ id, text: id })),
              ]}
            />
            <Wrong text={error('options.signingAlgorithm')} />
          </div>
          {text('key_id', 'keyId', texts.keyId, texts.keyIdHelp)}
        </div>
      )}
      {assertion && (
        <>
          {text('assertion_issuer', 'assertion.issuer', texts.assertionIssuer)}
          {text('assertion_subject', 'assertion.subject', texts.assertionSubject)}
          {text('assertion_audience', 'assertion.audience', texts.assertionAudience)}
        </>
      )}
    </>
  )
}

/** The error of a choice, which has no field of its own to stand in. */
export function Wrong({ text }: { text: string | null }) {
  return text === null ? null : (
    <p className="field-error" role="alert">
      {text}
    </p>
  )
}
