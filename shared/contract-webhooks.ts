import { z } from 'zod'

/**
 * Webhook endpoints and what arrived at them (docs/webhooks.md). Secrets go in and never come out.
 *
 * Templates: `{body}` the body as it came, `{timestamp}` the sender's, `{header:Name}` a header of the delivery,
 * `{body:path}` what stands at a path of its JSON body (`event.type`, `value[0].id`).
 */

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'This is not the name of a header.')
const template = z.string().min(1).max(500)
const path = z.string().min(1).max(200)

const signature = z.strictObject({
  kind: z.literal('hmac'),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']),
  encoding: z.enum(['hex', 'base64']),
  header: headerName,
  /** Several values in the one header, separated by this. */
  separator: z.enum([',', ' ']).nullable().default(null),
  /** Stands before each signature: `sha256=`, `v1=`. Values with another one are passed over. */
  prefix: z.string().max(50).default(''),
  /** What the signature is made of. Has to hold `{body}`. */
  signed: template.default('{body}'),
  /** Where the sender's time stands: a header, or a value with a prefix (`t=`) in the signature's header. */
  timestamp: z
    .union([z.strictObject({ header: headerName }), z.strictObject({ prefix: z.string().min(1).max(50) })])
    .nullable()
    .default(null),
  /** Seconds that the sender's time may be away from now. */
  tolerance: z.number().int().min(1).max(86_400).nullable().default(null),
  /** How the secret is written: as it is used, or in base64, perhaps behind `whsec_`. */
  secret_encoding: z.enum(['text', 'base64']).default('text'),
})

const token = z
  .strictObject({
    kind: z.literal('token'),
    header: headerName.nullable().default(null),
    prefix: z.string().max(50).default(''),
    /** A path of the JSON body; `[]` means every item: `value[].clientState`. */
    body: path.nullable().default(null),
  })
  .refine((it) => (it.header === null) !== (it.body === null), {
    message: 'Name either the header or the place in the body that holds the token.',
    path: ['header'],
  })

const jwt = z.strictObject({
  kind: z.literal('jwt'),
  header: headerName.default('Authorization'),
  prefix: z.string().max(50).default('Bearer '),
  jwks_uri: z.url().max(2000),
  issuer: z.string().min(1).max(500),
  audience: z.string().min(1).max(500),
  /** Claims that must have exactly this value, for example the `email` of a service account. */
  claims: z.record(z.string().max(100), z.string().max(500)).default({}),
})

export const webhookVerificationSchema = z.union([signature, token, jwt])
export type WebhookVerification = z.infer<typeof webhookVerificationSchema>

/** How the sender makes sure that the endpoint wants its deliveries. */
export const webhookChallengeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** A query parameter is answered as it came. `token`: the parameter that has to hold the secret (WebSub's `hub.verify_token`). */
  z.strictObject({
    kind: z.literal('query'),
    parameter: z.string().min(1).max(100),
    token: z.string().min(1).max(100).nullable().default(null),
  }),
  /** A verified body in which `path` is `equals` is answered with what stands at `answer`. */
  z.strictObject({ kind: z.literal('body'), path, equals: z.string().max(200), answer: path }),
])

/** Where the facts of a delivery stand: templates, tried in turn. */
export const webhookParserSchema = z.strictObject({
  event_type: z.array(template).max(10).default([]),
  event_id: z.array(template).max(10).default([]),
  subject: z.array(template).max(10).default([]),
  time: z.array(template).max(10).default([]),
})

export const webhookSettingsSchema = z.strictObject({
  verification: webhookVerificationSchema,
  challenge: webhookChallengeSchema.default({ kind: 'none' }),
  parser: webhookParserSchema.prefault({}),
})
export type WebhookSettings = z.infer<typeof webhookSettingsSchema>

export const webhookEndpointSchema = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  settings: webhookSettingsSchema,
  has_secret: z.boolean(),
  accepted: z.number(),
  refused: z.number(),
  /** Where it listens on this machine; null while nothing listens. A tunnel or reverse proxy leads here. */
  url: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
})
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>

/** `secret`: absent keeps the stored one, empty removes it. Either `preset` or `settings`, not both. */
export const webhookEndpointInputSchema = z
  .strictObject({
    id: z.string().max(100).optional(),
    name: z.string().trim().min(1, 'An endpoint needs a name.').max(200),
    enabled: z.boolean().default(true),
    preset: z.string().max(100).optional(),
    settings: webhookSettingsSchema.optional(),
    secret: z.string().max(1000).optional(),
  })
  .refine((input) => input.preset === undefined || input.settings === undefined, {
    message: 'Send preset or settings, not both.',
    path: ['settings'],
  })
export type WebhookEndpointInput = z.infer<typeof webhookEndpointInputSchema>

export const webhookPresetSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** What to do at the sender, step by step. */
  setup_steps: z.array(z.string()),
  settings: webhookSettingsSchema,
  sources: z.array(z.object({ url: z.string(), read_on: z.string(), facts: z.string() })),
})
export type WebhookPreset = z.infer<typeof webhookPresetSchema>

export const webhookDeliverySchema = z.object({
  id: z.string(),
  endpoint_id: z.string(),
  event_type: z.string().nullable(),
  subject: z.string().nullable(),
  occurred_at: z.string().nullable(),
  received_at: z.string(),
  content_type: z.string(),
})
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>

/** A delivery with what was sent: `body` when it is text, else `body_base64`. Signatures and tokens are left out. */
export const webhookDeliveryContentSchema = webhookDeliverySchema.extend({
  event_id: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  body_base64: z.string().nullable(),
})
export type WebhookDeliveryContent = z.infer<typeof webhookDeliveryContentSchema>

export const webhookDeliveriesInputSchema = z.strictObject({
  endpoint: z.string().max(100).optional(),
  limit: z.number().int().min(1).max(500).default(100),
  /** Deliveries that were received before this time, ISO 8601. */
  before: z.iso.datetime().optional(),
})

const nothing = z.strictObject({})
const one = z.strictObject({ id: z.string().max(100) })

export const webhooksContract = {
  'webhooks.presets': { input: nothing, output: z.array(webhookPresetSchema) },
  'webhooks.endpoints': { input: nothing, output: z.array(webhookEndpointSchema) },
  'webhooks.save': { input: webhookEndpointInputSchema, output: webhookEndpointSchema },
  'webhooks.remove': { input: one, output: z.object({}) },
  'webhooks.deliveries': { input: webhookDeliveriesInputSchema, output: z.array(webhookDeliverySchema) },
  'webhooks.delivery': { input: one, output: webhookDeliveryContentSchema },
  'webhooks.redeliver': { input: one, output: webhookDeliverySchema },
} as const
