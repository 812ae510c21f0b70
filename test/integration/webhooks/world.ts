import { createHash, createHmac } from 'node:crypto'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createHooksListener, type HooksListener } from '../../../electron/api/hooks-listener.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import type { WebhookLimits } from '../../../electron/services/webhooks/limits.ts'
import { createWebhookService } from '../../../electron/services/webhooks/service.ts'
import { type WebhookEndpointInput, webhookEndpointInputSchema } from '../../../shared/contract-webhooks.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { cheapGuard, noLog, settableClock, unlocked } from '../../unit/vault/support.ts'
import { type Answer, hostAndPort, request } from '../api/world.ts'

const page = { kind: 'page' } as const
export const secret = 'It is a Secret to Everybody'

/** Webhooks with real parts: a vault in a file, the listener on a port of the moment. Gone with the test. */
export async function world(options: { limits?: Partial<WebhookLimits> } = {}) {
  const clock = settableClock(Date.UTC(2026, 0, 1))
  const { vault, file } = await unlocked({ clock })
  const events = createEventBus<LatchkeyEvent>()
  const seen: LatchkeyEvent[] = []
  events.on((event) => seen.push(event))
  const activity = createActivity({ vault, clock, events })
  const network = createNetwork({ timeoutMs: 2000, env: {} })
  onTestFinished(() => network.close())
  let hooks: HooksListener | null = null
  const webhooks = createWebhookService({
    vault,
    clock,
    events,
    activity,
    network,
    egress: createEgress({ vault, activity }),
    logger: noLog,
    listener: () => hooks,
    limits: options.limits,
  })
  const listener = createHooksListener({ webhooks, events, logger: noLog, port: 0 })
  onTestFinished(() => listener.close())
  hooks = listener
  await listener.settled()

  const save = (input: Partial<WebhookEndpointInput>) =>
    webhooks.save(webhookEndpointInputSchema.parse({ name: 'Test', secret, ...input }), page)

  /** One request to the listener with exactly these headers. */
  const send = (path: string, headers: Record<string, string> = {}, body = '', method = 'POST'): Promise<Answer> => {
    const base = listener.url()
    if (base === null) throw new Error('nothing listens')
    const { host } = new URL(base)
    return request({ where: hostAndPort(host), method, target: path, body, headers: { host, ...headers } })
  }

  return {
    vault,
    folder: path.dirname(file),
    clock,
    events,
    /** The events of webhooks, in order. */
    announced: () => seen.filter((event) => event.type === 'webhook' && event.delivery_id !== null),
    activity,
    webhooks,
    listener,
    save,
    send,
    counts: () => webhooks.endpoints().map(({ accepted, refused }) => ({ accepted, refused })),
    deliveries: () => webhooks.deliveries({ limit: 500 }),
    lock: () => {
      vault.lock('For the test.')
      events.emit({ type: 'vault', state: 'locked' })
    },
    unlock: async () => {
      await vault.unlock(cheapGuard())
      events.emit({ type: 'vault', state: 'unlocked' })
      await listener.settled()
    },
    page,
  }
}

export type World = Awaited<ReturnType<typeof world>>

export const hmac = (
  content: string,
  encoding: 'hex' | 'base64' = 'hex',
  algorithm = 'sha256',
  key: string | Buffer = secret,
) => createHmac(algorithm, key).update(content).digest(encoding)

/** As GitHub sends. */
export const fromGithub = (body: string, headers: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  'x-github-event': 'issues',
  'x-github-delivery': createHash('sha256').update(body).digest('hex').slice(0, 32),
  'x-hub-signature-256': `sha256=${hmac(body)}`,
  ...headers,
})

/** As Slack sends. `at` in milliseconds. */
export const fromSlack = (body: string, at: number) => {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac(`v0:${timestamp}:${body}`)}`,
  }
}

/** As Stripe sends. */
export const fromStripe = (body: string, at: number, more = '') => {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'content-type': 'application/json',
    'stripe-signature': `t=${timestamp}${more},v1=${hmac(`${timestamp}.${body}`)}`,
  }
}
