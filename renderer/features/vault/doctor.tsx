import { CircleAlert, CircleCheck, CircleSlash, Stethoscope, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { DoctorCheck } from '../../../shared/contract-vault.ts'
import { useCall, useInfo } from '../../app/queries.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Facts } from '../../components/facts.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { countOf, doctorText, sortedChecks } from './doctor-text.ts'

const signs = { problem: CircleAlert, warning: TriangleAlert, ok: CircleCheck, not_applicable: CircleSlash }
const tones = { problem: 'bad', warning: 'soon', ok: 'good', not_applicable: '' }

function Check({ check }: { check: DoctorCheck }) {
  const texts = t.protection.doctor
  const Sign = signs[check.state]
  const facts = Object.entries(check.facts).map(([name, value]) => ({ name, value }))
  return (
    <li>
      <Sign size={18} aria-hidden className={`check-sign ${check.state}`} />
      <div className="grow stack tight">
        <div className="vault-name">
          {check.title}
          <span className={`chip ${tones[check.state]}`}>{texts.states[check.state]}</span>
        </div>
        <p className="muted small break">{check.message}</p>
        {check.remedy && (
          <p className="small break">
            {texts.wayOut} {check.remedy}
          </p>
        )}
        {facts.length > 0 && (
          <Disclose title={texts.facts}>
            <Facts facts={facts} />
          </Disclose>
        )}
      </div>
    </li>
  )
}

/** Whether all is well with what Latchkey stands on, and what to do where it is not. */
export function Doctor() {
  const texts = t.protection.doctor
  const run = useCall('doctor.run')
  const info = useInfo().data
  const [at, setAt] = useState(() => new Date())
  const checks = run.data
  const version = info ? `${info.name} ${info.version}, ${info.platform}, ${info.host}` : t.app
  return (
    <section className="card pad stack" aria-labelledby="doctor">
      <div className="setting">
        <div className="grow">
          <h2 id="doctor">{texts.title}</h2>
          <p className="muted small">{texts.help}</p>
        </div>
        <Button
          icon={Stethoscope}
          isPending={run.isPending}
          onPress={() => run.mutate({}, { onSuccess: () => setAt(new Date()) })}
        >
          {checks ? texts.again : texts.run}
        </Button>
      </div>
      <div className="row between doctor-state" role="status">
        {run.isPending && <p className="muted small">{texts.running}</p>}
        {checks && (
          <>
            <p className="small">{texts.summary(countOf(checks, 'problem'), countOf(checks, 'warning'))}</p>
            <CopyButton text={doctorText(checks, version, at)}>{texts.copy}</CopyButton>
          </>
        )}
      </div>
      {run.isError && <ErrorNote error={run.error} />}
      {checks && (
        <ul className="vault-list" aria-label={texts.title}>
          {sortedChecks(checks).map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </ul>
      )}
    </section>
  )
}
