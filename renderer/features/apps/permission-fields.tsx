import { Plus } from 'lucide-react'
import type { Right } from '../../../shared/contract-apps.ts'
import { rights } from '../../../shared/standards.ts'
import { useAccounts, usePractice, useProviders, useRegistrations } from '../../app/queries.ts'
import { Chips } from '../../components/chips.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Field } from '../../components/field.tsx'
import { Mark } from '../../components/mark.tsx'
import { Note } from '../../components/note.tsx'
import { plainLine } from '../../components/plain-text.ts'
import { Segments } from '../../components/segments.tsx'
import { type Choice, Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { t } from '../../texts.ts'
import { sortAccounts } from '../accounts/need.ts'
import { useConnect } from '../connect/use-connect.ts'
import { EndFields } from './end-fields.tsx'
import { readsOnly } from './grant-text.ts'
import { HostFields } from './host-fields.tsx'
import {
  allMethods,
  ownAccounts,
  type PermissionDraft,
  type Problems,
  policyHosts,
  type RequestMethod,
} from './permission-draft.ts'

const connectOne = '_connect'

interface Props {
  draft: PermissionDraft
  onChange: (change: Partial<PermissionDraft>) => void
  problems: Problems
  /** The limits are in view at once. */
  open?: boolean
  /** Another account cannot be chosen: a permission that is there already stays with its own. */
  fixedAccount?: boolean
}

function AccountSelect({ draft, onChange, problems }: Props) {
  const texts = t.apps.fields
  const connect = useConnect()
  const accounts = useAccounts().data ?? []
  const providers = useProviders().data ?? []
  const { want } = draft
  const provider = providers.find((it) => it.id === want?.provider) ?? null
  const fits = provider ? accounts.filter((it) => it.provider_id === provider.id) : accounts
  // One that was connected from here, or chosen before, is offered whatever the program asked for.
  const offered = sortAccounts(
    accounts.filter((it) => fits.includes(it) || it.id === draft.account),
    'name',
  )
  const choices: Choice[] = [
    ...offered.map(({ id, alias, provider_id, provider_name, status }) => ({
      id,
      text: alias,
      mark: <Mark id={provider_id} name={provider_name} size={20} />,
      ...(status.state === 'active' ? {} : { help: t.account.states[status.state] }),
    })),
    ...(draft.rights.includes('connect') || draft.account === ownAccounts
      ? [{ id: ownAccounts, text: texts.own }]
      : []),
    { id: connectOne, text: texts.connectOne, mark: <Plus size={16} aria-hidden /> },
  ]
  const shown = want?.account && want.account_id === null ? plainLine(want.account) : null
  return (
    <div className="stack tight">
      <Select
        label={texts.account}
        value={draft.account === '' ? null : draft.account}
        placeholder={texts.chooseAccount}
        choices={choices}
        onChange={(id) => {
          if (id !== connectOne) return onChange({ account: id })
          connect({
            ...(provider ? { provider: provider.id } : {}),
            onConnected: (account) => onChange({ account }),
          })
        }}
      />
      {problems.account ? (
        <p className="field-error" role="alert">
          {problems.account}
        </p>
      ) : (
        shown && <p className="field-help break">{texts.calls(shown)}</p>
      )}
    </div>
  )
}

function RightSwitches({ draft, onChange, problems }: Props) {
  const texts = t.apps
  const set = (right: Right, on: boolean) =>
    onChange({ rights: rights.filter((it) => (it === right ? on : draft.rights.includes(it))) })
  return (
    <section className="stack tight right-list" aria-label={texts.fields.rights}>
      {rights.map((right) => (
        <div key={right}>
          <Switch
            title={texts.rights[right].name}
            text={texts.rights[right].text}
            aside={draft.want?.rights.includes(right) && <span className="chip accent">{texts.asked}</span>}
            isSelected={draft.rights.includes(right)}
            onChange={(on) => set(right, on)}
          />
          {right === 'token' && draft.rights.includes('token') && (
            <Note tone="soon" alert>
              <p>{texts.tokenWarning}</p>
            </Note>
          )}
          {right === 'manage' && draft.rights.includes('manage') && (
            <Note tone="soon" alert>
              <p>{texts.manageWarning}</p>
            </Note>
          )}
        </div>
      ))}
      {problems.rights && (
        <p className="field-error" role="alert">
          {problems.rights}
        </p>
      )}
    </section>
  )
}

function MethodFields({ draft, onChange, problems }: Props) {
  const texts = t.apps.fields
  const reading: RequestMethod[] =
    draft.methods.length > 0 && readsOnly(draft.methods) ? draft.methods : ['GET', 'HEAD']
  return (
    <div className="stack">
      <Segments
        label={texts.methods}
        choices={[
          { id: 'any', text: texts.anyMethod },
          { id: 'read', text: texts.readOnly },
          { id: 'some', text: texts.someMethods },
        ]}
        value={draft.methodWay}
        onChange={(methodWay) => onChange({ methodWay, ...(methodWay === 'read' ? { methods: reading } : {}) })}
      />
      {draft.methodWay === 'some' && (
        <>
          <Chips
            mono
            label={texts.methods}
            choices={allMethods.map((id) => ({ id, text: id }))}
            value={draft.methods}
            onChange={(chosen) => onChange({ methods: allMethods.filter((it) => chosen.includes(it)) })}
          />
          {problems.methods && (
            <p className="field-error" role="alert">
              {problems.methods}
            </p>
          )}
        </>
      )}
    </div>
  )
}

/** One permission as it is written: account, rights as switches, and what narrows them. */
export function PermissionFields(props: Props) {
  const { draft, onChange, problems, open = false, fixedAccount = false } = props
  const texts = t.apps.fields
  const accounts = useAccounts().data ?? []
  const registrations = useRegistrations().data ?? []
  const practice = usePractice().data
  const providers = useProviders().data ?? []
  const account = accounts.find((it) => it.id === draft.account)
  const providerId = account?.provider_id ?? draft.want?.provider
  const policy = policyHosts(
    providers.find((it) => it.id === providerId),
    registrations.find((it) => it.id === account?.registration_id),
    practice,
  )
  const narrows = draft.rights.includes('request')
  const wrongLimits = problems.hosts ?? problems.methods ?? problems.path ?? problems.date
  return (
    <div className="stack gap form">
      {!fixedAccount && <AccountSelect {...props} />}
      <RightSwitches {...props} />
      <Disclose key={String(Boolean(wrongLimits))} title={texts.limits} open={open || Boolean(wrongLimits)}>
        <div className="stack gap">
          {narrows && (
            <>
              <HostFields draft={draft} policy={policy} onChange={onChange} error={problems.hosts ?? null} />
              <MethodFields {...props} />
              <Field
                label={texts.path}
                help={texts.pathHelp}
                optional
                mono
                value={draft.path}
                onChange={(path) => onChange({ path })}
                placeholder="/v1"
                spellCheck="false"
                autoComplete="off"
                error={problems.path ?? null}
              />
            </>
          )}
          <EndFields label={texts.until} end={draft} onChange={onChange} error={problems.date} />
        </div>
      </Disclose>
    </div>
  )
}
