import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Flow, Provider, Via } from '../../../shared/models.ts'
import { keys, useCall, useInfo } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { type Draft, firstScopes, places, splitList, startInput } from './draft.ts'
import { ScopePicker } from './scope-picker.tsx'

export interface Choice {
  scopes: string[]
  via: Via
  alias: string
}

interface Props {
  draft: Draft & { provider: Provider }
  /** What was chosen before, when the person comes back from a failed sign-in. */
  choice: Choice | null
  onBack: (() => void) | null
  onStarted: (flow: Flow, choice: Choice) => void
}

/** The last step before the sign-in: what is asked for and where, confirmed by the person. */
export function Approve({ draft, choice, onBack, onStarted }: Props) {
  const texts = t.connect.approve
  const { provider } = draft
  const info = useInfo()
  const start = useCall('connect.start', [keys.activity])
  const [known] = useState(() => choice?.scopes ?? firstScopes(draft))
  const listed = new Set(provider.scopes.map((scope) => scope.name))
  const [scopes, setScopes] = useState(() => known.filter((name) => listed.has(name)))
  const [other, setOther] = useState(() => known.filter((name) => !listed.has(name)).join(' '))
  const [alias, setAlias] = useState(choice?.alias ?? '')
  const ways = places(provider, info.data?.host ?? 'desktop')
  const [picked, setPicked] = useState<Via | null>(choice?.via ?? null)
  const via = picked ?? ways[0] ?? 'browser'
  const builtIn = !provider.needs_registration

  function submit() {
    const chosen = { scopes: [...scopes, ...splitList(other).filter((it) => !scopes.includes(it))], via, alias }
    start.mutate(startInput(draft, chosen), { onSuccess: (flow) => onStarted(flow, chosen) })
  }

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
            <p className="muted small">{provider.scopes.length > 0 ? texts.lead(provider.name) : texts.none}</p>
          </div>
          {provider.scopes.length > 0 && (
            <ScopePicker label={texts.title} scopes={provider.scopes} value={scopes} onChange={setScopes} />
          )}
          {!builtIn && (
            <Field label={texts.more} help={texts.moreHelp} optional mono value={other} onChange={setOther} />
          )}
        </section>
        <section className="stack">
          <ChoiceCards
            label={texts.where}
            value={via}
            onChange={(id) => setPicked(id as Via)}
            cards={ways.map((id) => ({ id, title: texts.via[id], text: texts.viaHelp[id] }))}
          />
          {provider.sign_in.reason && <p className="faint small">{provider.sign_in.reason}</p>}
        </section>
        {!draft.account && (
          <Field
            label={texts.alias}
            help={texts.aliasHelp}
            optional
            value={alias}
            onChange={setAlias}
            maxLength={200}
          />
        )}
        {start.isError && <ErrorNote error={start.error} />}
      </div>
      <footer className="dialog-foot">
        {onBack && (
          <Button look="quiet" className="start" onPress={onBack}>
            {t.common.back}
          </Button>
        )}
        <span className="foot-note">{texts.note}</span>
        <Button look="primary" autoFocus isPending={start.isPending} onPress={submit}>
          {texts.submit}
        </Button>
      </footer>
    </>
  )
}
