import { ArrowLeft, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { WebhookEndpoint, WebhookVerification } from '../../../shared/contract-webhooks.ts'
import { NotFound } from '../../app/not-found.tsx'
import { keys, useCall, useWebhooks } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { CopyLine } from '../../components/copy.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { LinkOut } from '../../components/link-out.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { Deliveries } from './deliveries.tsx'
import { usePresets, WebhookDialog } from './webhook-dialog.tsx'
import { needsSecret, presetOf } from './webhook-draft.ts'
import { Counts, EndpointState } from './webhooks.tsx'
import './webhooks.css'
import '../providers/providers.css'

function checkFacts(it: WebhookVerification): (Fact | null)[] {
  const texts = t.webhooks
  if (it.kind === 'hmac') {
    return [
      { name: texts.algorithm, value: `HMAC ${it.algorithm.toUpperCase()}, ${it.encoding}` },
      { name: texts.header, value: <code>{it.header}</code> },
      it.tolerance === null ? null : { name: texts.tolerance, value: texts.seconds(it.tolerance) },
    ]
  }
  if (it.kind === 'token') return [{ name: texts.place, value: <code>{it.header ?? it.body}</code> }]
  return [
    { name: texts.header, value: <code>{it.header}</code> },
    { name: texts.keys, value: <code>{it.jwks_uri}</code> },
    { name: texts.issuer, value: <code>{it.issuer}</code> },
    { name: texts.audience, value: <code>{it.audience}</code> },
  ]
}

function Steps({ endpoint }: { endpoint: WebhookEndpoint }) {
  const texts = t.webhooks
  const preset = presetOf(endpoint.settings, usePresets().data ?? [])
  if (!preset || preset.setup_steps.length === 0) return null
  return (
    <section className="card pad stack" aria-labelledby="steps">
      <h2 id="steps">{texts.steps}</h2>
      <ol className="webhook-steps small">
        {preset.setup_steps.map((step) => (
          <li key={step} className="break">
            {step}
          </li>
        ))}
      </ol>
      {preset.sources.length > 0 && (
        <ul className="stack tight small">
          {preset.sources.map(({ url, read_on }) => (
            <li key={url} className="break">
              <LinkOut href={url}>{url.replace(/^https:\/\//, '')}</LinkOut>{' '}
              <span className="faint">{texts.readOn(read_on)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** One endpoint: its address, how it checks, what arrived. */
export function Webhook({ id }: { id: string }) {
  const texts = t.webhooks
  const [, navigate] = useLocation()
  const endpoints = useWebhooks()
  const [asked, ask] = useState<'edit' | 'remove' | null>(null)
  const remove = useCall('webhooks.remove', [keys.webhooks, keys.activity])
  const endpoint = endpoints.data?.find((it) => it.id === id)
  if (endpoints.isError) {
    return (
      <div className="page">
        <ErrorNote error={endpoints.error} />
      </div>
    )
  }
  if (!endpoints.data) return null
  if (!endpoint) return <NotFound title={texts.notFoundTitle} text={texts.notFoundText} />
  const { verification, challenge } = endpoint.settings
  return (
    <div className="page">
      <a href={href(paths.webhooks)} className="back">
        <ArrowLeft size={14} aria-hidden /> {texts.title}
      </a>
      <header className="page-head">
        <div className="titles">
          <h1 className="break" dir="auto">
            {endpoint.name}
          </h1>
          <p className="row wrap small">
            <EndpointState endpoint={endpoint} /> <Counts endpoint={endpoint} />
          </p>
        </div>
        <Button icon={Pencil} onPress={() => ask('edit')}>
          {texts.edit}
        </Button>
        <Button icon={Trash2} onPress={() => ask('remove')}>
          {texts.remove}
        </Button>
      </header>
      <div className="provider-columns">
        <div className="stack gap">
          <section className="card pad stack" aria-labelledby="address">
            <h2 id="address">{texts.url}</h2>
            {endpoint.url === null ? (
              <p className="muted">{endpoint.enabled ? texts.urlIdle : texts.urlOff}</p>
            ) : (
              <>
                <CopyLine text={endpoint.url} label={texts.url} />
                <p className="field-help">{texts.urlHelp}</p>
              </>
            )}
          </section>
          <Deliveries endpoint={endpoint.id} />
        </div>
        <div className="stack gap">
          <section className="card pad stack" aria-labelledby="check">
            <h2 id="check">{texts.facts}</h2>
            <Facts
              facts={[
                { name: texts.check, value: texts.kinds[verification.kind] },
                ...checkFacts(verification),
                needsSecret(verification)
                  ? { name: texts.secretState, value: endpoint.has_secret ? texts.secretSet : texts.secretNone }
                  : null,
                { name: texts.challenge, value: texts.challenges[challenge.kind] },
              ]}
            />
          </section>
          <Steps endpoint={endpoint} />
        </div>
      </div>
      {asked === 'edit' && <WebhookDialog endpoint={endpoint} onClose={() => ask(null)} />}
      {asked === 'remove' && (
        <Confirm
          isOpen
          danger
          title={texts.removeTitle(endpoint.name)}
          submit={texts.remove}
          pending={remove.isPending}
          onClose={() => ask(null)}
          onConfirm={() =>
            remove.mutate(
              { id: endpoint.id },
              {
                onSuccess: () => {
                  tell(texts.removed(endpoint.name))
                  navigate(paths.webhooks)
                },
              },
            )
          }
        >
          <p>{texts.removeText}</p>
          {remove.isError && <ErrorNote error={remove.error} />}
        </Confirm>
      )}
    </div>
  )
}
