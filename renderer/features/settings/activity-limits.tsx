import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AuditLimits } from '../../../shared/contract-apps.ts'
import { keys, useCall } from '../../app/queries.ts'
import { call } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { wholeNumber } from '../../components/whole-number.ts'
import { t } from '../../texts.ts'

function Form({ limits }: { limits: AuditLimits }) {
  const texts = t.activity.limits
  const [days, setDays] = useState(String(limits.max_days))
  const [entries, setEntries] = useState(String(limits.max_entries))
  const [tried, setTried] = useState(false)
  const limit = useCall('activity.limit', [keys.limits, keys.activity])
  const max_days = wholeNumber(days, 1, 3650)
  const max_entries = wholeNumber(entries, 1000, 1_000_000)
  const fewer =
    (max_days !== null && max_days < limits.max_days) || (max_entries !== null && max_entries < limits.max_entries)
  const same = max_days === limits.max_days && max_entries === limits.max_entries
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (max_days === null || max_entries === null) return
    limit.mutate({ max_days, max_entries }, { onSuccess: () => tell(t.settings.saved) })
  }
  return (
    <form onSubmit={submit} className="stack form" noValidate>
      <div className="pair">
        <Field
          label={texts.days}
          inputMode="numeric"
          value={days}
          onChange={setDays}
          error={tried && max_days === null ? texts.daysWrong : null}
        />
        <Field
          label={texts.entries}
          inputMode="numeric"
          value={entries}
          onChange={setEntries}
          error={tried && max_entries === null ? texts.entriesWrong : null}
        />
      </div>
      {fewer && <p className="field-help">{texts.fewer}</p>}
      {limit.isError && <ErrorNote error={limit.error} />}
      <div>
        <Button type="submit" isPending={limit.isPending} isDisabled={same}>
          {t.common.save}
        </Button>
      </div>
    </form>
  )
}

/** How long and how much of the activity is kept. */
export function ActivityLimits() {
  const texts = t.activity.limits
  const limits = useQuery({ queryKey: keys.limits, queryFn: () => call('activity.limits', {}) })
  if (!limits.data) return null
  return (
    <section className="card pad stack" aria-labelledby="activity-limits">
      <div>
        <h2 id="activity-limits">{texts.title}</h2>
        <p className="muted small">{texts.help}</p>
      </div>
      <Form limits={limits.data} />
    </section>
  )
}
