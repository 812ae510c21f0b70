import { useQuery } from '@tanstack/react-query'
import { Plus, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Ask } from '../../../shared/contract-apps.ts'
import { keys, useAccounts, useCall } from '../../app/queries.ts'
import { call, errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Bone } from '../../components/empty.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { isolated, plainLine } from '../../components/plain-text.ts'
import { Switch } from '../../components/switch.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { Code, Witness } from './asks.tsx'
import { EndFields, IdleSelect } from './end-fields.tsx'
import { grantSentence } from './grant-text.ts'
import {
  aliasOf,
  draftOfWant,
  type EndDraft,
  emptyDraft,
  endProblem,
  grantOf,
  momentOf,
  type PermissionDraft,
  permissionInput,
  problemsOf,
} from './permission-draft.ts'
import { PermissionFields } from './permission-fields.tsx'
import './apps.css'

interface DraftCardProps {
  draft: PermissionDraft
  app: string
  tried: boolean
  open: boolean
  onChange: (change: Partial<PermissionDraft>) => void
  onRemove: (() => void) | null
}

/** One permission of the sheet: what it would say in a sentence, and everything that changes the sentence. */
function DraftCard({ draft, app, tried, open, onChange, onRemove }: DraftCardProps) {
  const texts = t.apps.approve
  const now = useNow('slow')
  const accounts = useAccounts().data ?? []
  const alias = draft.account === '' ? t.apps.ask.someAccount(null) : aliasOf(draft.account, accounts)
  return (
    <li className="card draft" data-off={draft.on ? undefined : ''}>
      <div className="draft-head">
        <p className="draft-sentence grow break" dir="auto" aria-live="polite">
          {draft.on ? grantSentence(grantOf(draft, app, alias, now), now) : texts.leftOut}
        </p>
        {onRemove ? (
          <Button size="s" look="quiet" onPress={onRemove}>
            {texts.removeAccount}
          </Button>
        ) : (
          <div className="draft-on">
            <Switch title={texts.grant} isSelected={draft.on} onChange={(on) => onChange({ on })} />
          </div>
        )}
      </div>
      {draft.on && (
        <PermissionFields
          draft={draft}
          onChange={onChange}
          problems={tried ? problemsOf(draft, now) : {}}
          open={open}
        />
      )}
    </li>
  )
}

interface FormProps {
  ask: Ask
  /** Why it cannot be answered any more; '' while it can. */
  over: string
  onClose: () => void
}

function Form({ ask, over, onClose }: FormProps) {
  const texts = t.apps.approve
  const name = plainLine(ask.name)
  const pairs = ask.kind === 'pair'
  const [drafts, setDrafts] = useState<PermissionDraft[]>(() => ask.wants.map(draftOfWant))
  const [called, setCalled] = useState(name)
  const [end, setEnd] = useState<EndDraft>({ until: 'none', date: '' })
  const [idle, setIdle] = useState<number | null>(null)
  const [tried, setTried] = useState(false)
  const touched = [keys.asks, keys.apps, keys.activity]
  const approve = useCall('asks.approve', touched)
  const deny = useCall('asks.deny', touched)
  const app = called.trim() === '' ? name : called.trim()
  const granted = drafts.filter((draft) => draft.on)

  const change = (key: string, part: Partial<PermissionDraft>) =>
    setDrafts((before) => before.map((it) => (it.key === key ? { ...it, ...part } : it)))

  function submit() {
    const now = Date.now()
    setTried(true)
    const wrong =
      granted.some((draft) => Object.keys(problemsOf(draft, now)).length > 0) || endProblem(end, now) !== null
    if (wrong) return
    approve.mutate(
      {
        ask: ask.id,
        permissions: granted.map((draft) => permissionInput(draft, now)),
        ...(pairs && app !== ask.name ? { name: app } : {}),
        ...(pairs ? { expires_at: momentOf(end, now), idle_days: idle } : {}),
      },
      {
        onSuccess: () => {
          tell(texts.done[ask.kind](isolated(app)))
          onClose()
        },
      },
    )
  }

  const now = Date.now()
  const problems =
    tried && (granted.some((it) => Object.keys(problemsOf(it, now)).length > 0) || endProblem(end, now) !== null)
  const failed = approve.isError ? approve.error : deny.isError ? deny.error : null
  // The answer that is given here makes it over as well.
  const elsewhere = over !== '' && approve.isIdle && deny.isIdle
  return (
    <>
      <div className="dialog-body stack loose">
        <section className="compare">
          <Code code={ask.code} />
          <p className="muted small">{t.apps.ask.compare[ask.kind]}</p>
        </section>
        <Witness ask={ask} />
        <section className="stack" aria-labelledby="what-it-may">
          <div>
            <h3 id="what-it-may">{texts.what}</h3>
            <p className="muted small">{texts.whatLead}</p>
          </div>
          {granted.length === 0 && (
            <Note icon={ShieldCheck}>
              <p>{texts.nothing(isolated(app))}</p>
            </Note>
          )}
          <ul className="stack">
            {drafts.map((draft) => (
              <DraftCard
                key={draft.key}
                draft={draft}
                app={app}
                tried={tried}
                open={drafts.length === 1}
                onChange={(part) => change(draft.key, part)}
                onRemove={draft.want === null ? () => setDrafts((before) => before.filter((it) => it !== draft)) : null}
              />
            ))}
          </ul>
          <div>
            <Button size="s" icon={Plus} onPress={() => setDrafts((before) => [...before, emptyDraft()])}>
              {texts.addAccount}
            </Button>
          </div>
        </section>
        {pairs && (
          <Disclose title={texts.app} open={tried && endProblem(end, now) !== null}>
            <div className="stack gap form">
              <Field label={texts.name} help={texts.nameHelp} value={called} onChange={setCalled} maxLength={80} />
              <EndFields
                label={t.apps.fields.appUntil}
                end={end}
                onChange={(part) => setEnd((before) => ({ ...before, ...part }))}
                error={tried ? endProblem(end, now) : null}
              />
              <IdleSelect days={idle} onChange={setIdle} />
            </div>
          </Disclose>
        )}
        {failed && <ErrorNote error={failed} />}
        {elsewhere && (
          <Note tone="soon" alert>
            {over}
          </Note>
        )}
      </div>
      <footer className="dialog-foot">
        <span className="start">
          <Button
            isPending={deny.isPending}
            isDisabled={elsewhere}
            onPress={() =>
              deny.mutate(
                { ask: ask.id },
                {
                  onSuccess: () => {
                    tell(t.apps.ask.denied(isolated(name)))
                    onClose()
                  },
                },
              )
            }
          >
            {t.apps.ask.deny}
          </Button>
        </span>
        {problems && (
          <span className="foot-note field-error" role="alert">
            {texts.problems}
          </span>
        )}
        <Button look="quiet" onPress={onClose}>
          {texts.later}
        </Button>
        {/* Not a form, and never focused by itself: no stray Enter grants anything. */}
        <Button look="primary" isPending={approve.isPending} isDisabled={elsewhere} onPress={submit}>
          {texts.submit}
        </Button>
      </footer>
    </>
  )
}

/** What an ask wants, what the person grants of it, and the answer. `reference`: its id or its code. */
export function AskSheet({ reference, onClose }: { reference: string; onClose: () => void }) {
  const texts = t.apps.approve
  const ask = useQuery({ queryKey: keys.ask(reference), queryFn: () => call('asks.get', { ask: reference }) })
  // Held as it was when it was opened: what the person reads does not change under the hand.
  const [first, setFirst] = useState<Ask | null>(null)
  if (first === null && ask.data?.state === 'waiting') setFirst(ask.data)
  const over = ask.data ? t.apps.ask.over[ask.data.state] : ''
  const name = plainLine(ask.data?.name ?? '')
  const title = ask.data ? (ask.data.kind === 'pair' ? texts.titlePair(name) : texts.titleMore(name)) : t.apps.title
  const gone = ask.isError && errorOf(ask.error).code === 'not_found'
  return (
    <Dialog isOpen keep steps size="l" title={title} onClose={onClose}>
      {first ? (
        <Form ask={first} over={over} onClose={onClose} />
      ) : (
        <>
          <div className="dialog-body stack">
            {ask.isPending && <Bone height={240} />}
            {gone && <Note title={t.apps.ask.goneTitle}>{t.apps.ask.goneText}</Note>}
            {ask.isError && !gone && <ErrorNote error={ask.error} />}
            {over !== '' && <Note>{over}</Note>}
          </div>
          <footer className="dialog-foot">
            <Button onPress={onClose}>{t.common.close}</Button>
          </footer>
        </>
      )}
    </Dialog>
  )
}
