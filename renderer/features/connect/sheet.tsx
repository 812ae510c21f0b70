import { useState } from 'react'
import type { Flow, Registration } from '../../../shared/models.ts'
import { useAccounts, useProviders, useRegistrations } from '../../app/queries.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Bone } from '../../components/empty.tsx'
import { t } from '../../texts.ts'
import { Approve } from './approve.tsx'
import { ChooseProvider } from './choose-provider.tsx'
import { ChooseRegistration } from './choose-registration.tsx'
import { type Choice, type Draft, type Step, stepsOf } from './draft.ts'
import { Progress } from './progress.tsx'
import type { ConnectTarget } from './use-connect.ts'
import { useEndFlow } from './use-flow.ts'
import './sheet.css'

interface Props {
  target: ConnectTarget
  onClose: () => void
}

function Loading() {
  return (
    <div className="dialog-body stack" role="status" aria-label={t.common.loading}>
      <Bone height={48} />
      <Bone height={48} />
      <Bone height={48} />
    </div>
  )
}

/** Connecting from the choice of a provider to the signed-in account, in one dialog. */
export function Sheet({ target, onClose }: Props) {
  const providers = useProviders().data
  const registrations = useRegistrations().data
  const accounts = useAccounts().data
  const [picked, setPicked] = useState<{ provider?: string; registration?: Registration | null }>({})
  const [back, setBack] = useState<Step | null>(null)
  const [choice, setChoice] = useState<Choice | null>(null)
  const [flow, setFlow] = useState<Flow | null>(null)
  const endFlow = useEndFlow(flow?.id ?? null)

  const account = accounts?.find((it) => it.id === target.account) ?? null
  const registration =
    picked.registration ??
    registrations?.find((it) => it.id === (account?.registration_id ?? target.registration)) ??
    null
  const providerId = picked.provider ?? account?.provider_id ?? registration?.provider_id ?? target.provider
  const draft: Draft = { provider: providers?.find((it) => it.id === providerId) ?? null, registration, account }
  const chooses = !target.provider && !target.registration && !target.account
  const steps = stepsOf(draft, chooses)
  const step: Step = flow
    ? 'progress'
    : back !== null
      ? back
      : draft.provider === null
        ? 'provider'
        : steps.includes('registration') && registration === null
          ? 'registration'
          : 'approve'

  const title = account
    ? t.connect.titleAgain(account.alias)
    : flow
      ? t.connect.progress.title(draft.provider?.name ?? '')
      : draft.provider && step !== 'provider'
        ? t.connect.titleFor(draft.provider.name)
        : t.connect.title
  const at = steps.indexOf(step)
  const loaded = providers && registrations && accounts

  function close() {
    endFlow()
    onClose()
  }

  return (
    <Dialog
      steps
      isOpen
      keep
      size="l"
      title={title}
      onClose={close}
      aside={steps.length > 1 && at >= 0 && <span className="step-count">{t.connect.step(at + 1, steps.length)}</span>}
    >
      {!loaded && <Loading />}
      {loaded && step === 'provider' && (
        <ChooseProvider
          providers={providers}
          onChoose={(id) => {
            setPicked({ provider: id })
            setChoice(null)
            setBack(null)
          }}
        />
      )}
      {loaded && step === 'registration' && draft.provider && (
        <ChooseRegistration
          provider={draft.provider}
          registrations={registrations.filter((it) => it.provider_id === providerId)}
          onBack={chooses ? () => setBack('provider') : null}
          onChoose={(chosen) => {
            setPicked({ ...picked, registration: chosen })
            setChoice(null)
            setBack(null)
          }}
        />
      )}
      {loaded && step === 'approve' && draft.provider && (
        <Approve
          draft={{ ...draft, provider: draft.provider }}
          choice={choice}
          onBack={
            steps.includes('registration')
              ? () => setBack('registration')
              : steps.includes('provider')
                ? () => setBack('provider')
                : null
          }
          onStarted={(started, chosen) => {
            setChoice(chosen)
            setFlow(started)
          }}
        />
      )}
      {flow && (
        <Progress
          key={flow.id}
          started={flow}
          draft={draft}
          choice={choice}
          onAgain={setFlow}
          onChange={() => {
            setFlow(null)
            setBack(null)
          }}
          onConnected={target.onConnected ?? null}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}
