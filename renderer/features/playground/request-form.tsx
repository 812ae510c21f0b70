import { Send } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { Account } from '../../../shared/models.ts'
import { usePractice, useProviders, useRegistrations } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Field } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import {
  carriesBody,
  filledBase,
  type HttpMethod,
  methods,
  parseHeaders,
  type RequestDraft,
  suggestions,
} from './request-draft.ts'

interface Props {
  draft: RequestDraft
  accounts: Account[]
  pending: boolean
  onChange: (next: Partial<RequestDraft>) => void
  onSend: () => void
}

/** The request: who, what, where. Ctrl + Enter sends it from any field. */
export function RequestForm({ draft, accounts, pending, onChange, onSend }: Props) {
  const texts = t.playground
  const [tried, setTried] = useState(false)
  const providers = useProviders().data
  const practice = usePractice().data
  const account = accounts.find((it) => it.id === draft.account)
  const provider = providers?.find((it) => it.id === account?.provider_id)
  const registration = useRegistrations().data?.find((it) => it.id === account?.registration_id)
  // The practice API has a port of the moment.
  const base =
    provider?.needs_registration === false
      ? (practice?.api_base_url ?? null)
      : filledBase(provider?.api_base_url ?? null, registration?.variables ?? {})
  const headers = parseHeaders(draft.headers)
  const builtIn = provider?.needs_registration === false
  const help = base ? texts.urlHelp(base) : builtIn ? texts.urlBuiltIn : texts.urlAbsolute

  function submit(event?: FormEvent) {
    event?.preventDefault()
    setTried(true)
    if (!pending) onSend()
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }

  return (
    <form className="card pad stack" onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <Select
        label={texts.account}
        value={draft.account}
        placeholder={texts.chooseAccount}
        onChange={(id) => onChange({ account: id })}
        choices={accounts.map((it) => ({
          id: it.id,
          text: it.status.state === 'disabled' ? t.playground.disabledAccount(it.alias) : it.alias,
          mark: <Mark id={it.provider_id} name={it.provider_name} size={20} />,
        }))}
      />
      <div className="request-line">
        <Select
          label={texts.method}
          value={draft.method}
          onChange={(id) => onChange({ method: id as HttpMethod })}
          choices={methods.map((id) => ({ id, text: id }))}
        />
        <Field
          label={texts.url}
          mono
          value={draft.url}
          onChange={(url) => onChange({ url })}
          placeholder={base || builtIn ? '/' : 'https://'}
          spellCheck="false"
          autoComplete="off"
          error={tried && draft.url.trim() === '' ? t.connect.registration.required(texts.url) : null}
        />
      </div>
      <p className="field-help request-base break">{help}</p>
      {suggestions(provider).length > 0 && (
        <div className="row wrap">
          <span className="faint small">{texts.suggestions}</span>
          {suggestions(provider).map((url) => (
            <Button key={url} size="s" look="quiet" className="suggestion" onPress={() => onChange({ url })}>
              {url}
            </Button>
          ))}
        </div>
      )}
      <Disclose title={texts.headers} open={draft.headers !== ''}>
        <Field
          label={texts.headers}
          help={texts.headersHelp}
          mono
          lines={3}
          value={draft.headers}
          onChange={(text) => onChange({ headers: text })}
          placeholder="Accept: application/json"
          spellCheck="false"
          error={headers.error}
        />
      </Disclose>
      {carriesBody(draft.method) && (
        <Field
          label={texts.body}
          mono
          lines={6}
          value={draft.body}
          onChange={(body) => onChange({ body })}
          spellCheck="false"
        />
      )}
      <div className="row end">
        <Button look="primary" type="submit" icon={Send} isPending={pending}>
          {pending ? texts.sending : texts.send}
        </Button>
      </div>
    </form>
  )
}
