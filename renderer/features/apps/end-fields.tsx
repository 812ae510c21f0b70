import { Field } from '../../components/field.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { type EndDraft, type Until, untils } from './permission-draft.ts'

interface Props {
  label: string
  end: EndDraft
  onChange: (end: Partial<EndDraft>) => void
  error?: string | null | undefined
}

/** When something ends: a few usual spans, or a day. */
export function EndFields({ label, end, onChange, error }: Props) {
  const texts = t.apps.fields
  return (
    <div className="pair">
      <Select
        label={label}
        value={end.until}
        onChange={(id) => onChange({ until: id as Until })}
        choices={untils.map((id) => ({ id, text: texts.untils[id] }))}
      />
      {end.until === 'date' && (
        <Field
          label={texts.date}
          type="date"
          value={end.date}
          onChange={(date) => onChange({ date })}
          error={error ?? null}
        />
      )}
    </div>
  )
}

const idles = [7, 30, 90, 365]

/** After how many days without use an app ends; null: never. */
export function IdleSelect({ days, onChange }: { days: number | null; onChange: (days: number | null) => void }) {
  const texts = t.apps.fields
  const all = days === null || idles.includes(days) ? idles : [...idles, days].sort((a, b) => a - b)
  return (
    <Select
      label={texts.idle}
      value={String(days ?? 'none')}
      onChange={(id) => onChange(id === 'none' ? null : Number(id))}
      choices={[
        { id: 'none', text: texts.idles.none },
        ...all.map((count) => ({ id: String(count), text: texts.idles.days(count) })),
      ]}
    />
  )
}
