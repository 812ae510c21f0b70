import { useQuery } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { DryRun, RenderedRequestView } from '../../../shared/contract-custom.ts'
import { useCall, useRegistrations } from '../../app/queries.ts'
import { call } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Select } from '../../components/select.tsx'
import { t } from '../../texts.ts'
import { useEditing } from './form-parts.tsx'
import type { OwnRequest } from './requests.tsx'
import { useSettled } from './use-definition.ts'

/** A request as it stands on the wire. */
function wire({ method, url, headers, body }: Pick<RenderedRequestView, 'method' | 'url' | 'headers' | 'body'>) {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${url}`, ...head, ...(body === null ? [] : ['', body])].join('\n')
}

function arrivedText({ method, path, query, headers, body }: DryRun['arrived']) {
  const search = Object.entries(query).flatMap(([name, value]) => [value].flat().map((it) => `  ${name} = ${it}`))
  const url = search.length === 0 ? path : [path, ...search].join('\n')
  return wire({ method, url, headers, body })
}

function Wire({ text, label }: { text: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
    <section className="wire" tabIndex={0} aria-label={label}>
      <pre dir="ltr">{text}</pre>
    </section>
  )
}

/** What a template comes to with the values of a registration or with placeholders. Secrets are masked by the host. */
export function Preview({ request }: { request: OwnRequest }) {
  const texts = t.providersEdit.requests
  const { draft } = useEditing()
  const registrations = (useRegistrations().data ?? []).filter((it) => it.provider_id === draft.id)
  const [registration, choose] = useState('')
  const settled = useSettled(draft)
  const input = { definition: settled, request, ...(registration === '' ? {} : { registration }) }
  const preview = useQuery({
    queryKey: ['template-preview', JSON.stringify(input)],
    queryFn: () => call('templates.preview', input),
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  const dryRun = useCall('templates.dry_run')
  return (
    <section className="card pad stack" aria-labelledby="preview">
      <h2 id="preview">{texts.preview}</h2>
      <p className="muted small">{texts.previewHelp}</p>
      {registrations.length > 0 && (
        <Select
          label={texts.registration}
          value={registration}
          onChange={choose}
          choices={[
            { id: '', text: texts.noRegistration },
            ...registrations.map(({ id, name }) => ({ id, text: name })),
          ]}
        />
      )}
      {preview.isError && <ErrorNote error={preview.error} title={t.providersEdit.checkTitle} />}
      {!preview.isError && preview.data && (
        <>
          <Wire text={wire(preview.data)} label={texts.which} />
          {preview.data.variables.length > 0 && (
            <p className="faint small break">
              {texts.uses}: <code>{preview.data.variables.join(', ')}</code>
            </p>
          )}
          <div>
            <Button
              size="s"
              icon={FlaskConical}
              isPending={dryRun.isPending}
              onPress={() => dryRun.mutate({ ...input, definition: draft })}
            >
              {texts.dryRun}
            </Button>
          </div>
          <p className="field-help">{texts.dryRunHelp}</p>
          {dryRun.isError && <ErrorNote error={dryRun.error} />}
          {dryRun.data && (
            <div className="stack tight" role="status">
              <h3>{texts.arrived}</h3>
              <Wire text={arrivedText(dryRun.data.arrived)} label={texts.arrived} />
            </div>
          )}
        </>
      )}
    </section>
  )
}
