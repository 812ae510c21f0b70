import { Plus, Webhook as WebhookSign } from 'lucide-react'
import { useState } from 'react'
import type { WebhookEndpoint } from '../../../shared/contract-webhooks.ts'
import { useWebhooks } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { Bone, Empty } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { t } from '../../texts.ts'
import { WebhookDialog } from './webhook-dialog.tsx'
import './webhooks.css'

export function EndpointState({ endpoint }: { endpoint: WebhookEndpoint }) {
  const texts = t.webhooks
  if (!endpoint.enabled) return <span className="chip">{texts.off}</span>
  return endpoint.url === null ? (
    <span className="chip soon">{texts.idle}</span>
  ) : (
    <span className="chip good">{texts.on}</span>
  )
}

export function Counts({ endpoint }: { endpoint: WebhookEndpoint }) {
  const texts = t.webhooks
  return (
    <span className="numbers">
      {texts.accepted(endpoint.accepted)}
      {' · '}
      <span className={endpoint.refused > 0 ? 'webhook-refused' : undefined}>{texts.refused(endpoint.refused)}</span>
    </span>
  )
}

/** The addresses at which services tell that something happened. */
export function Webhooks() {
  const texts = t.webhooks
  const endpoints = useWebhooks()
  const [adding, add] = useState(false)
  const button = (
    <Button look="primary" icon={Plus} onPress={() => add(true)}>
      {texts.add}
    </Button>
  )
  const none = endpoints.data?.length === 0
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
        {!none && button}
      </header>
      {endpoints.isError && <ErrorNote error={endpoints.error} />}
      {endpoints.isPending && (
        <div role="status" aria-label={t.common.loading}>
          <Bone height={140} />
        </div>
      )}
      {none && (
        <Empty icon={WebhookSign} title={texts.emptyTitle}>
          <p>{texts.emptyText}</p>
          {button}
        </Empty>
      )}
      {endpoints.data && !none && (
        <ul className="card webhook-list">
          {endpoints.data.map((endpoint) => (
            <li key={endpoint.id}>
              <a href={href(paths.webhook(endpoint.id))} className="webhook-row">
                <WebhookSign size={18} aria-hidden className="faint" />
                <span className="grow">
                  <span className="webhook-name clip" dir="auto" title={endpoint.name}>
                    {endpoint.name}
                  </span>
                  <span className="faint small">{texts.kinds[endpoint.settings.verification.kind]}</span>
                </span>
                <span className="muted small webhook-counts">
                  <Counts endpoint={endpoint} />
                </span>
                <EndpointState endpoint={endpoint} />
              </a>
            </li>
          ))}
        </ul>
      )}
      {adding && <WebhookDialog endpoint={null} onClose={() => add(false)} />}
    </div>
  )
}
