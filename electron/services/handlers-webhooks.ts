import type { Handlers } from './ports.ts'
import type { WebhookService } from './webhooks/service.ts'

type WebhookMethods =
  | 'webhooks.presets'
  | 'webhooks.endpoints'
  | 'webhooks.save'
  | 'webhooks.remove'
  | 'webhooks.deliveries'
  | 'webhooks.delivery'
  | 'webhooks.redeliver'

/** The methods of shared/contract-webhooks.ts. */
export function createWebhookHandlers(webhooks: WebhookService): Pick<Handlers, WebhookMethods> {
  return {
    'webhooks.presets': () => webhooks.presets(),
    'webhooks.endpoints': () => webhooks.endpoints(),
    'webhooks.save': (input, caller) => webhooks.save(input, caller),
    'webhooks.remove': ({ id }, caller) => {
      webhooks.remove(id, caller)
      return {}
    },
    'webhooks.deliveries': (filter) => webhooks.deliveries(filter),
    'webhooks.delivery': ({ id }) => webhooks.delivery(id),
    'webhooks.redeliver': ({ id }, caller) => webhooks.redeliver(id, caller),
  }
}
