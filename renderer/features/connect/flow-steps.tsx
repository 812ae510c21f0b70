import { Check, X } from 'lucide-react'
import type { Flow } from '../../../shared/models.ts'
import { Disclose } from '../../components/disclose.tsx'
import { t } from '../../texts.ts'
import './flow-steps.css'

/** Every step of a sign-in so far, with where it is specified. */
export function FlowSteps({ flow, open }: { flow: Flow; open: boolean }) {
  return (
    <Disclose title={t.connect.progress.steps} aside={String(flow.steps.length)} open={open}>
      <ol className="flow-steps">
        {flow.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever appended
          <li key={index} className={step.ok ? 'ok' : 'wrong'}>
            {step.ok ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
            <span className="grow break">{step.text}</span>
            {step.source && <span className="faint small">{step.source}</span>}
          </li>
        ))}
      </ol>
    </Disclose>
  )
}
