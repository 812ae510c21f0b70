import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Flow, Grant, Provider, Via } from '../../../shared/models.ts'
import { keys, useAccounts, useInfo } from '../../app/queries.ts'
import { useSecretCall } from '../../app/secret-call.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { byRedirect, type Choice, type Draft, firstScopes, grantsOf, places, splitList, startInput } from './draft.ts'
import { GrantFields, type GrantValues, missing, noValues } from './grant-fields.tsx'
import { ScopePicker } from './scope-picker.tsx'

interface Props {
  draft: Draft & { provider: Provider }
  /** What was chosen before, when the person comes back from a failed sign-in. */
  choice: Choice | null
  onBack: (() => void) | null
  onStarted: (flow: Flow, choice: Choice) => void
}

const fields = new Set(['username', 'password', 'subject', 'subject_account'])

/** The last step before the sign-in: what is asked for, how and where, confirmed by the person. */
export function Approve({ draft, choice, onBack, onStarted }: Props) {
  const texts = t.connect.approve
  const { provider, account } = draft
  const info = useInfo()
  const accounts = (useAccounts().data ?? []).filter(
    (it) => it.id !== account?.id && it.token !== null && it.status.state !== 'disabled',
  )
  const [known] = useState(() => choice?.scopes ?? firstScopes(draft))
  const listed = new Set(provider.scopes.map((scope) => scope.name))
  const [scopes, setScopes] = useState(() => known.filter((name) => listed.has(name)))
  const [other, setOther] = useState(() => known.filter((name) => !listed.has(name)).join(' '))
  const [alias, setAlias] = useState(choice?.alias ?? '')
  const grants = grantsOf(draft)
  const [grant, setGrant] = useState<Grant>(choice?.grant ?? grants[0] ?? 'authorization_code')
  const [values, setValues] = useState<GrantValues>(() => ({
    ...noValues,
    subject: choice?.subject ?? '',
    subject_account: choice?.subject_account ?? '',
  }))
  const [tried, setTried] = useState(false)
  const ways = places(provider, info.data?.host ?? 'desktop')
  const [picked, setPicked] = useState<Via | null>(choice?.via ?? null)
  const via = picked ?? ways[0] ?? 'browser'
  const builtIn = !provider.needs_registration
  const forget = () => setValues((before) => ({ ...before, username: '', password: '' }))
  const start = useSecretCall('connect.start', forget, keys.activity)
  const kept = account?.grant === grant
  const wrong = start.error === null ? null : errorOf(start.error)
  const lacks = tried ? missing(grant, values, kept) : {}
  const error = (field: string) =>
    lacks[field as keyof GrantValues] ?? (wrong?.field === field && fields.has(field) ? wrong.message : null)

  function submit() {
    setTried(true)
    if (start.isPending || Object.keys(missing(grant, values, kept)).length > 0) return
    const { username, password, subject, subject_account } = values
    const chosen: Choice = {
      scopes: [...scopes, ...splitList(other).filter((it) => !scopes.includes(it))],
      via,
      alias,
      ...(provider.grants.length > 1 || grant !== 'authorization_code' ? { grant } : {}),
      ...(grant === 'jwt_bearer' ? { subject } : {}),
      ...(grant === 'token_exchange' ? { subject_account } : {}),
    }
    const typed = {
      ...(username.trim() === '' ? {} : { username: username.trim() }),
      ...(password === '' ? {} : { password }),
    }
    void start.send({ ...startInput(draft, chosen), ...(grant === 'password' ? typed : {}) }, (flow) =>
      onStarted(flow, chosen),
    )
  }

  const lead = t.grants.leads[grant]
  return (
    <>
      <div className="dialog-body stack loose">
        {builtIn && (
          <Note icon={ShieldCheck}>
            <p>{texts.practiceLead}</p>
          </Note>
        )}
        <section className="stack" aria-labelledby="approve-scopes">
          <div>
            <h3 id="approve-scopes">{texts.title}</h3>
            <p className="muted small">
              {provider.scopes.length === 0
                ? texts.none
                : byRedirect(grant) || grant === 'device_code'
                  ? texts.lead(provider.name)
                  : t.grants.scopesLead}
            </p>
          </div>
          {provider.scopes.length > 0 && (
            <ScopePicker label={texts.title} scopes={provider.scopes} value={scopes} onChange={setScopes} />
          )}
          {!builtIn && (
            <Field label={texts.more} help={texts.moreHelp} optional mono value={other} onChange={setOther} />
          )}
        </section>
        {(grants.length > 1 || !byRedirect(grant) || grant === 'without_code') && (
          <section className="stack">
            {grants.length > 1 && (
              <Select
                label={t.grants.label}
                value={grant}
                onChange={(id) => {
                  forget()
                  setTried(false)
                  setGrant(id as Grant)
                }}
                choices={grants.map((id) => ({
                  id,
                  text: t.grants.names[id] ?? id,
                  ...(t.grants.helps[id] ? { help: t.grants.helps[id] } : {}),
                }))}
              />
            )}
            {lead && <p className="muted small">{lead}</p>}
            <GrantFields
              grant={grant}
              provider={provider}
              accounts={accounts}
              kept={kept}
              values={values}
              onChange={(change) => setValues((before) => ({ ...before, ...change }))}
              error={error}
            />
          </section>
        )}
        {byRedirect(grant) && (
          <section className="stack">
            <ChoiceCards
              label={texts.where}
              value={via}
              onChange={(id) => setPicked(id as Via)}
              cards={ways.map((id) => ({ id, title: texts.via[id], text: texts.viaHelp[id] }))}
            />
            {provider.sign_in.reason && <p className="faint small">{provider.sign_in.reason}</p>}
          </section>
        )}
        {!account && (
          <Field
            label={texts.alias}
            help={texts.aliasHelp}
            optional
            value={alias}
            onChange={setAlias}
            maxLength={200}
          />
        )}
        {wrong && !(wrong.field && fields.has(wrong.field)) && <ErrorNote error={start.error} />}
      </div>
      <footer className="dialog-foot">
        {onBack && (
          <Button look="quiet" className="start" onPress={onBack}>
            {t.common.back}
          </Button>
        )}
        <span className="foot-note">{texts.note}</span>
        <Button look="primary" autoFocus isPending={start.isPending} onPress={submit}>
          {byRedirect(grant)
            ? t.grants.submit.sign_in
            : grant === 'device_code'
              ? t.grants.submit.device_code
              : t.grants.submit.direct}
        </Button>
      </footer>
    </>
  )
}
