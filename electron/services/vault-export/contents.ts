import { z } from 'zod'
import { registrationInputSchema } from '../../../shared/contract.ts'
import { networkRouteInputSchema } from '../../../shared/contract-network.ts'
import { webhookSettingsSchema } from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { grants } from '../../../shared/standards.ts'

/**
 * What stands inside an export (docs/export-format.md), in the words of the API. Times are milliseconds since 1970, as
 * a vault keeps them: the expiry that a provider names can lie beyond what ISO 8601 writes with four digits. What the person
 * entered is checked as it was when it was entered; here it only has to be of the right kind and size.
 */

/** ECMA-262 21.4.1.1 */
const time = z.number().int().min(-8.64e15).max(8.64e15)
const id = z.string().regex(/^[\w-]{1,100}$/)
const providerId = z.string().min(1).max(100)
const token = z.string().max(100_000)
/** One line; longer than what can be entered, because names of people are not. */
const text = z.string().max(2000)

const identity = z.strictObject({
  subject: text.min(1),
  issuer: text.nullable(),
  name: text.nullable(),
  username: text.nullable(),
  email: text.nullable(),
})

const tokens = z.strictObject({
  access_token: token,
  refresh_token: token.nullable(),
  id_token: token.nullable(),
  token_type: z.string().max(100),
  scopes: z.array(text).max(1000),
  obtained_at: time,
  expires_at: time.nullable(),
  expiry_source: z.enum(['expires_in', 'fallback', 'jwt', 'unknown', 'tester']),
  extra: z.record(z.string().max(1000), token).optional(),
})

const account = z.strictObject({
  id,
  registration: id,
  alias: z.string().min(1).max(400),
  identity: identity.nullable(),
  scopes_requested: z.array(text).max(1000),
  grant: z.enum(grants),
  disabled_at: time.nullable(),
  reauth_required: z.strictObject({ reason: text, since: time }).nullable(),
  created_at: time,
  credentials: z.strictObject({
    username: text.optional(),
    password: z.string().max(10_000).optional(),
    dpop_key: z.string().max(100_000).optional(),
    /** The id of the account whose token is exchanged. */
    subject_account: id.optional(),
    subject: text.optional(),
  }),
  tokens: tokens.nullable(),
})

const registration = z.strictObject({
  ...registrationInputSchema.omit({ id: true, private_key_passphrase: true }).shape,
  id,
  client_secret: z.string().max(8000).nullable(),
  disabled_at: time.nullable(),
  created_at: time,
  updated_at: time,
})

const route = z.strictObject({
  ...networkRouteInputSchema.shape,
  proxy_password: z.string().max(255).nullable(),
  private_key: z.string().max(1_000_000).nullable(),
})

const webhook = z.strictObject({
  id,
  name: z.string().min(1).max(200),
  enabled: z.boolean(),
  settings: webhookSettingsSchema,
  secret: z.string().max(1000).nullable(),
  created_at: time,
  updated_at: time,
})

export const contentsSchema = z.strictObject({
  created_at: time,
  /** Whole definitions, checked one by one: one that does not fit keeps only its own accounts out. */
  providers: z.array(z.looseObject({ id: providerId })).max(10_000),
  routes: z.array(route).max(10_000),
  registrations: z.array(registration).max(10_000),
  accounts: z.array(account).max(100_000),
  bindings: z.array(z.strictObject({ host: z.string().max(300), account: id, created_at: time })).max(100_000),
  webhooks: z.array(webhook).max(10_000),
})
export type Contents = z.infer<typeof contentsSchema>
export type ExportedAccount = Contents['accounts'][number]
export type ExportedRegistration = Contents['registrations'][number]

/** Throws `invalid_request` that names the place and no value: it may be a secret. */
export function readContents(opened: Buffer): Contents {
  let document: unknown
  try {
    document = JSON.parse(opened.toString('utf8'))
  } catch {
    // JSON.parse's own error quotes what it read.
    document = undefined
  }
  const contents = contentsSchema.safeParse(document)
  if (contents.success) return contents.data
  const message = `This export opens, but this Latchkey cannot read what stands in it${placeOf(contents.error)}. Nothing was imported.`
  throw new LatchkeyError('invalid_request', message, { field: 'document' })
}

/** What could not be read again must not be relied on. Throws `internal` that names the place. */
export function checkContents(contents: Contents): void {
  const { error } = contentsSchema.safeParse(contents)
  if (error === undefined) return
  throw new LatchkeyError('internal', `This profile holds something that no export can carry${placeOf(error)}.`)
}

function placeOf(error: z.ZodError): string {
  const place = error.issues[0]?.path.map(String).join('.') ?? ''
  return place === '' ? '' : ` (${place})`
}
