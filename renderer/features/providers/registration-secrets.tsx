import type { Registration } from '../../../shared/models.ts'
import { CheckLine } from '../../components/checks.tsx'
import { SecretField } from '../../components/field.tsx'
import { SecretText } from '../../components/secret-text.tsx'
import { t } from '../../texts.ts'
import type { RegistrationDraft } from './registration-draft.ts'

interface Props {
  registration: Registration | null
  draft: RegistrationDraft
  needs: { secret: boolean; key: boolean; certificate: boolean }
  onChange: (change: Partial<RegistrationDraft>) => void
  error: (field: string) => string | null
}

/** Client secret, private key and certificate, as far as the client needs them or has them. None is ever shown again. */
export function RegistrationSecrets({ registration, draft, needs, onChange, error }: Props) {
  const own = t.connect.registration
  const texts = t.grants.registration
  const has = {
    secret: registration?.has_client_secret ?? false,
    key: registration?.has_private_key ?? false,
    certificate: registration?.has_certificate ?? false,
  }
  return (
    <>
      {(needs.secret || has.secret) && (
        <SecretField
          label={own.clientSecret}
          optional
          help={has.secret ? own.secretKept : `${own.secretNone} ${own.secretHint}`}
          value={draft.client_secret}
          onChange={(client_secret) => onChange({ client_secret })}
          error={error('client_secret')}
          autoComplete="off"
          isDisabled={draft.remove_secret}
          showText={own.showSecret}
          hideText={own.hideSecret}
        />
      )}
      {has.secret && (
        <CheckLine
          isSelected={draft.remove_secret}
          onChange={(remove_secret) => onChange({ remove_secret, client_secret: '' })}
        >
          {own.removeSecret}
        </CheckLine>
      )}
      {(needs.key || has.key) && (
        <SecretText
          label={texts.privateKey}
          optional={has.key || !needs.key}
          help={has.key ? texts.privateKeyKept : texts.privateKeyHelp}
          accept={['.pem', '.key', '.json', '.jwk', '.p12', '.pfx']}
          value={draft.private_key}
          onChange={(private_key) => onChange({ private_key })}
          error={error('private_key')}
          isDisabled={draft.remove_key}
        />
      )}
      {(draft.private_key !== '' || error('private_key_passphrase') !== null) && (
        <SecretField
          label={texts.passphrase}
          optional
          help={texts.passphraseHelp}
          value={draft.private_key_passphrase}
          onChange={(private_key_passphrase) => onChange({ private_key_passphrase })}
          error={error('private_key_passphrase')}
          autoComplete="off"
          showText={texts.show}
          hideText={texts.hide}
        />
      )}
      {has.key && (
        <CheckLine isSelected={draft.remove_key} onChange={(remove_key) => onChange({ remove_key, private_key: '' })}>
          {texts.removeKey}
        </CheckLine>
      )}
      {(needs.certificate || has.certificate) && (
        <SecretText
          open
          label={texts.certificate}
          optional={has.certificate || !needs.certificate}
          help={has.certificate ? texts.certificateKept : texts.certificateHelp}
          accept={['.pem', '.crt', '.cer']}
          value={draft.certificate}
          onChange={(certificate) => onChange({ certificate })}
          error={error('certificate')}
          isDisabled={draft.remove_certificate}
        />
      )}
      {has.certificate && (
        <CheckLine
          isSelected={draft.remove_certificate}
          onChange={(remove_certificate) => onChange({ remove_certificate, certificate: '' })}
        >
          {texts.removeCertificate}
        </CheckLine>
      )}
    </>
  )
}
