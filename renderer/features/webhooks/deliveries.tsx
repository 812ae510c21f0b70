import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Eye, Send } from 'lucide-react'
import { useState } from 'react'
import type { WebhookDelivery } from '../../../shared/contract-webhooks.ts'
import { keys, useCall } from '../../app/queries.ts'
import { call, errorOf } from '../../client.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Bone } from '../../components/empty.tsx'
import { Facts } from '../../components/facts.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { formatted } from '../playground/request-draft.ts'
import '../playground/playground.css'

const portion = 50

function DeliveryDialog({ delivery, onClose }: { delivery: WebhookDelivery; onClose: () => void }) {
  const texts = t.webhooks
  // What others sent stays in the page's memory only while it is looked at.
  const content = useQuery({
    queryKey: ['webhook-delivery', delivery.id],
    queryFn: () => call('webhooks.delivery', { id: delivery.id }),
    gcTime: 0,
  })
  const shown = content.data
  return (
    <Dialog
      isOpen
      size="l"
      title={delivery.event_type ?? texts.delivery}
      onClose={onClose}
      footer={<Button onPress={onClose}>{t.common.close}</Button>}
    >
      <div className="stack">
        <Facts
          facts={[
            { name: texts.received, value: <Moment at={delivery.received_at} /> },
            delivery.occurred_at ? { name: texts.occurred, value: <Moment at={delivery.occurred_at} /> } : null,
            delivery.subject ? { name: texts.subject, value: delivery.subject } : null,
            shown?.event_id ? { name: texts.eventId, value: <code>{shown.event_id}</code> } : null,
            { name: texts.contentType, value: <code>{delivery.content_type}</code> },
          ]}
        />
        {content.isError && <ErrorNote error={content.error} />}
        {content.isPending && <Bone height={160} />}
        {shown && (
          <>
            <h3>{texts.body}</h3>
            {shown.body ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
              <section className="answer-body" tabIndex={0} aria-label={texts.body}>
                <pre dir="ltr">{formatted(shown.body, delivery.content_type).text}</pre>
              </section>
            ) : (
              <p className="muted">{shown.body_base64 ? texts.binary : texts.emptyBody}</p>
            )}
            <Disclose title={texts.headers(Object.keys(shown.headers).length)}>
              <dl className="answer-headers">
                {Object.entries(shown.headers).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd className="break">{value}</dd>
                  </div>
                ))}
              </dl>
              <p className="field-help">{texts.headersHelp}</p>
            </Disclose>
          </>
        )}
      </div>
    </Dialog>
  )
}

/** What arrived, newest first. */
export function Deliveries({ endpoint }: { endpoint: string }) {
  const texts = t.webhooks
  const [viewed, view] = useState<WebhookDelivery | null>(null)
  const redeliver = useCall('webhooks.redeliver', [keys.activity])
  const deliveries = useInfiniteQuery({
    queryKey: [...keys.webhooks, endpoint],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      call('webhooks.deliveries', { endpoint, limit: portion, ...(pageParam ? { before: pageParam } : {}) }),
    getNextPageParam: (last) => (last.length < portion ? undefined : last.at(-1)?.received_at),
  })
  const all = deliveries.data?.pages.flat() ?? []
  return (
    <section className="card" aria-labelledby="deliveries">
      <div className="card-head">
        <h2 id="deliveries">{texts.deliveries}</h2>
      </div>
      {deliveries.isError && <ErrorNote error={deliveries.error} />}
      {deliveries.data && all.length === 0 && <p className="muted deliveries-more">{texts.deliveriesNone}</p>}
      {all.length > 0 && (
        <ul className="deliveries">
          {all.map((delivery) => {
            const what = delivery.event_type ?? texts.unnamed
            return (
              <li key={delivery.id} className="delivery">
                <div className="grow">
                  <p className="delivery-type break">{what}</p>
                  {delivery.subject && (
                    <p className="faint break" dir="auto">
                      {delivery.subject}
                    </p>
                  )}
                </div>
                <span className="faint small">
                  <Moment at={delivery.received_at} />
                </span>
                <IconButton size="s" icon={Eye} label={texts.view(what)} onPress={() => view(delivery)} />
                <IconButton
                  size="s"
                  icon={Send}
                  label={`${texts.redeliver}: ${what}`}
                  onPress={() =>
                    redeliver.mutate(
                      { id: delivery.id },
                      {
                        onSuccess: () => tell(texts.redelivered),
                        onError: (error) => tell(errorOf(error).message, 'bad'),
                      },
                    )
                  }
                />
              </li>
            )
          })}
        </ul>
      )}
      {deliveries.hasNextPage && (
        <div className="deliveries-more">
          <Button size="s" isPending={deliveries.isFetchingNextPage} onPress={() => void deliveries.fetchNextPage()}>
            {texts.older}
          </Button>
        </div>
      )}
      {viewed && <DeliveryDialog delivery={viewed} onClose={() => view(null)} />}
    </section>
  )
}
