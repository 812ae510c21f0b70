import { type FormEvent, useState } from 'react'
import type { Egress } from '../../../shared/contract-network.ts'
import { keys, useCall, useEgress } from '../../app/queries.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Field } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { splitList } from '../connect/draft.ts'

function EgressForm({ egress }: { egress: Egress }) {
  const texts = t.network.egress
  const [way, setWay] = useState(egress.hosts === null ? 'any' : 'only')
  const [text, setText] = useState((egress.hosts ?? []).join('\n'))
  const [tried, setTried] = useState(false)
  const allow = useCall('network.allow', [keys.egress])
  const hosts = splitList(text)
  const none = way === 'only' && hosts.length === 0
  const wrong = allow.isError ? errorOf(allow.error) : null
  const atField = wrong?.field?.startsWith('hosts') ? wrong.message : null
  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (none) return
    allow.mutate({ hosts: way === 'any' ? null : hosts }, { onSuccess: () => tell(texts.saved) })
  }
  return (
    <form onSubmit={submit} className="stack" noValidate>
      <ChoiceCards
        label={texts.title}
        bare
        cards={[
          { id: 'any', title: texts.any, text: texts.anyText },
          { id: 'only', title: texts.only, text: texts.onlyText },
        ]}
        value={way}
        onChange={setWay}
      />
      {way === 'only' && (
        <Field
          label={texts.hosts}
          help={texts.hostsHelp}
          mono
          lines={4}
          spellCheck="false"
          value={text}
          onChange={setText}
          error={tried && none ? texts.none : atField}
        />
      )}
      {wrong && !atField && <ErrorNote error={allow.error} />}
      <div>
        <Button type="submit" isPending={allow.isPending}>
          {t.common.save}
        </Button>
      </div>
    </form>
  )
}

/** Where the endpoints of providers may be, for the whole profile. */
export function EgressSettings() {
  const texts = t.network.egress
  const egress = useEgress()
  if (!egress.data) return null
  return (
    <section className="card pad stack" aria-labelledby="egress">
      <h2 id="egress">{texts.title}</h2>
      <p className="muted small">{texts.lead}</p>
      <EgressForm egress={egress.data} />
    </section>
  )
}
