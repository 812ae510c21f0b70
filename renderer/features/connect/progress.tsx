import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, CircleHelp, CircleSlash, LoaderCircle } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Flow } from '../../../shared/models.ts'
import { keys, useCall } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { lifetime } from '../../components/time-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { Device } from './device.tsx'
import { type Choice, type Draft, startInput } from './draft.ts'
import { FlowSteps } from './flow-steps.tsx'
import { useFlow } from './use-flow.ts'
import { Waiting } from './waiting.tsx'

const signs = {
  preparing: LoaderCircle,
  waiting_for_person: LoaderCircle,
  exchanging: LoaderCircle,
  needs_decision: CircleHelp,
  completed: CircleCheck,
  failed: CircleAlert,
  cancelled: CircleSlash,
}

interface Props {
  started: Flow
  draft: Draft
  choice: Choice | null
  onAgain: (flow: Flow) => void
  onChange: () => void
  /** null: the page goes to the account. */
  onConnected: ((account: string) => void) | null
  onClose: () => void
}

function TimeLeft({ flow }: { flow: Flow }) {
  const now = useNow('second')
  const life = lifetime(flow.started_at, flow.expires_at, now)
  if (!life || life.over) return null
  return <span className="faint small numbers">{t.connect.progress.timeLeft(t.time.short(life.left))}</span>
}

/** The sign-in as it goes, each state in plain words, and always a way on. */
export function Progress({ started, draft, choice, onAgain, onChange, onConnected, onClose }: Props) {
  const texts = t.connect.progress
  const flow = useFlow(started)
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const box = useRef<HTMLDivElement>(null)
  const cancel = useCall('connect.cancel', [keys.flow(flow.id)])
  const decide = useCall('connect.decide', [keys.flow(flow.id)])
  const again = useCall('connect.start')
  const { state } = flow
  const Sign = signs[state]
  const waiting = state === 'preparing' || state === 'waiting_for_person' || state === 'exchanging'

  // Read from here on, and by screen readers too.
  useEffect(() => box.current?.focus(), [])

  useEffect(() => {
    if (state !== 'completed') return
    void client.invalidateQueries({ queryKey: keys.accounts })
    void client.invalidateQueries({ queryKey: keys.registrations })
    if (flow.account_id !== null) {
      void client.invalidateQueries({ queryKey: keys.account(flow.account_id) })
      if (onConnected) onConnected(flow.account_id)
      else navigate(paths.account(flow.account_id))
    }
    tell(texts.done)
    onClose()
  }, [state, flow.account_id, client, navigate, onConnected, onClose, texts])

  return (
    <>
      <div className="dialog-body stack loose" ref={box} tabIndex={-1}>
        <div className={`flow-state ${state}`}>
          <Sign size={28} aria-hidden className={waiting ? 'spin' : undefined} />
          <div className="grow">
            <p className="flow-title" aria-live="polite">
              {texts.states[state]}
            </p>
            {state === 'waiting_for_person' && (
              <p className="muted">{flow.device ? t.grants.device.polling : texts.waitingHelp[flow.via]}</p>
            )}
            {flow.failure && (
              <div role="alert" className="stack tight">
                <p className="break">{flow.failure.message}</p>
                <p className="muted break">{flow.failure.remedy}</p>
              </div>
            )}
            {state === 'needs_decision' && flow.decision && (
              <div role="alert" className="stack tight">
                <p className="break">{texts.decide(flow.decision.expected, flow.decision.found)}</p>
                <p className="muted">{texts.decideText}</p>
              </div>
            )}
          </div>
        </div>
        {state === 'waiting_for_person' && (flow.device ? <Device device={flow.device} /> : <Waiting flow={flow} />)}
        {again.isError && <ErrorNote error={again.error} />}
        {decide.isError && <ErrorNote error={decide.error} />}
        {flow.steps.length > 0 && <FlowSteps key={String(state === 'failed')} flow={flow} open={state === 'failed'} />}
      </div>
      <footer className="dialog-foot">
        {waiting && (
          <>
            <span className="foot-note">{state === 'waiting_for_person' && <TimeLeft flow={flow} />}</span>
            <Button isPending={cancel.isPending} onPress={() => cancel.mutate({ flow: flow.id })}>
              {texts.cancel}
            </Button>
          </>
        )}
        {state === 'needs_decision' && flow.decision && (
          <>
            <Button isPending={decide.isPending} onPress={() => decide.mutate({ flow: flow.id, choice: 'discard' })}>
              {texts.decideDiscard}
            </Button>
            <Button
              look="primary"
              isPending={decide.isPending}
              onPress={() => decide.mutate({ flow: flow.id, choice: 'add_account' })}
            >
              {texts.decideAdd(flow.decision.found)}
            </Button>
          </>
        )}
        {(state === 'failed' || state === 'cancelled') && (
          <>
            <Button look="quiet" className="start" onPress={onClose}>
              {t.common.close}
            </Button>
            <Button onPress={onChange}>{texts.change}</Button>
            {/* A password is typed again: it was forgotten when it was sent. */}
            {choice && choice.grant !== 'password' && (
              <Button
                look="primary"
                autoFocus
                isPending={again.isPending}
                onPress={() => again.mutate(startInput(draft, choice), { onSuccess: onAgain })}
              >
                {texts.again}
              </Button>
            )}
          </>
        )}
      </footer>
    </>
  )
}
