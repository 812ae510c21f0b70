import { z } from 'zod'
import { activityFilterSchema, appsContract } from './contract-apps.ts'
import { customMethods } from './contract-custom.ts'
import { grantsContract } from './contract-grants.ts'
import { networkContract } from './contract-network.ts'
import { recordMethods, registrationOptionsSchema } from './contract-records.ts'
import { vaultContract } from './contract-vault.ts'
import { webhooksContract } from './contract-webhooks.ts'
import {
  accountSchema,
  activitySchema,
  appInfoSchema,
  flowSchema,
  grantSchema,
  practiceSchema,
  providerSchema,
  registrationSchema,
  signedAnswerSchema,
  tokenInspectionSchema,
  vaultStatusSchema,
  viaSchema,
} from './models.ts'
import { clientAuthentications } from './standards.ts'

/**
 * Every method the page can call, with the schemas of what goes in and what comes out. The desktop carries them over one
 * IPC channel, the headless host over `POST /page/call`; both check the input against these schemas before a service
 * sees it. No method returns a token.
 */

const account = z.string().min(1).max(300)
const passphrase = z.string().min(8, 'The passphrase needs at least 8 characters.').max(1024)

/** A signed request. Either `body` (text) or `body_base64`, not both. `url` absolute, or relative to the API base URL. */
export const requestInputSchema = z
  .strictObject({
    method: z
      .string()
      .transform((method) => method.toUpperCase())
      .pipe(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']))
      .default('GET'),
    url: z.string().min(1).max(16_384),
    headers: z.record(z.string().max(256), z.string().max(16_384)).default({}),
    body: z.string().optional(),
    body_base64: z.base64().optional(),
    timeout_ms: z.number().int().min(1).max(600_000).default(60_000),
  })
  .refine((input) => input.body === undefined || input.body_base64 === undefined, {
    message: 'Send body or body_base64, not both.',
    path: ['body_base64'],
  })
export type RequestInput = z.infer<typeof requestInputSchema>

/** What starts a sign-in: a provider (its only or own registration), a registration, or an account to reconnect. */
export const connectInputSchema = z
  .strictObject({
    provider: z.string().max(100).optional(),
    registration: z.string().max(100).optional(),
    account: account.optional(),
    via: viaSchema.optional(),
    scopes: z.array(z.string().min(1).max(500)).max(200).optional(),
    alias: z.string().min(1).max(200).optional(),
    /** How to obtain it. Absent: as the account was, else as the registration or the provider says. */
    grant: grantSchema.optional(),
    /** For the grant `password` alone. Absent for a reconnected account: the ones that are kept. */
    username: z.string().min(1).max(1000).optional(),
    password: z.string().min(1).max(8000).optional(),
    /** For the grant `token_exchange`: the account whose token is exchanged. */
    subject_account: account.optional(),
    /** For the grant `jwt_bearer`: whom to act for (`sub`), where the registration does not say. */
    subject: z.string().min(1).max(1000).optional(),
  })
  .refine(
    (input) => [input.provider, input.registration, input.account].filter((it) => it !== undefined).length === 1,
    {
      message: 'Name exactly one of provider, registration or account.',
      path: ['provider'],
    },
  )
export type ConnectInput = z.infer<typeof connectInputSchema>

/** A registration as it is written. Of secrets and `options`, what is absent stays as it is; an empty secret is removed. */
export const registrationInputSchema = z.strictObject({
  id: z.string().optional(),
  provider_id: z.string().min(1),
  name: z.string().trim().min(1, 'A registration needs a name.').max(200),
  description: z.string().max(2000).default(''),
  client_id: z.string().trim().min(1, 'Enter the client ID that the provider gave you.').max(2000),
  client_secret: z.string().max(8000).optional(),
  /** PEM, JWK, or PKCS#12 in base64, which may bring its certificate along. */
  private_key: z.string().max(100_000).optional(),
  private_key_passphrase: z.string().max(1024).optional(),
  /** PEM, the client's own first (RFC 8705). */
  certificate: z.string().max(100_000).optional(),
  client_authentication: z.enum(clientAuthentications),
  options: registrationOptionsSchema.optional(),
  scopes: z.array(z.string().min(1).max(500)).max(200),
  variables: z.record(z.string(), z.string().max(2000)).default({}),
  extra_hosts: z.array(z.string().max(253)).max(100).default([]),
  fallback_expiry: z.number().int().positive().max(315_360_000).nullable().default(null),
})
export type RegistrationInput = z.infer<typeof registrationInputSchema>

export const activityInputSchema = activityFilterSchema.extend({
  limit: z.number().int().min(1).max(500).default(100),
  /** Entries older than this id. */
  before: z.number().int().optional(),
})

/** `after`: the id of the last account of the page before. */
export const accountsInputSchema = z.strictObject({
  limit: z.number().int().min(1).max(1000).optional(),
  after: z.string().min(1).max(100).optional(),
})

const nothing = z.strictObject({})
const done = z.object({})

export const contract = {
  'app.info': { input: nothing, output: appInfoSchema },
  'vault.status': { input: nothing, output: vaultStatusSchema },
  'vault.setup': { input: z.strictObject({ passphrase }), output: vaultStatusSchema },
  /** Without a passphrase the key store of this computer is tried. */
  'vault.unlock': {
    input: z.strictObject({ passphrase: z.string().min(1).max(1024).optional() }),
    output: vaultStatusSchema,
  },
  'vault.lock': { input: nothing, output: vaultStatusSchema },
  'providers.list': { input: nothing, output: z.array(providerSchema) },
  'registrations.list': { input: nothing, output: z.array(registrationSchema) },
  'registrations.save': { input: registrationInputSchema, output: registrationSchema },
  'registrations.remove': { input: z.strictObject({ id: z.string() }), output: done },
  /** Without `limit` all of them. Those that need the person first, then by alias. */
  'accounts.list': { input: accountsInputSchema, output: z.array(accountSchema) },
  'accounts.get': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.inspect': { input: z.strictObject({ account }), output: tokenInspectionSchema },
  'accounts.rename': {
    input: z.strictObject({ account, alias: z.string().trim().min(1).max(200) }),
    output: accountSchema,
  },
  'accounts.refresh': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.expire': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.reset': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.remove': { input: z.strictObject({ account }), output: done },
  'connect.start': { input: connectInputSchema, output: flowSchema },
  'connect.get': { input: z.strictObject({ flow: z.string() }), output: flowSchema },
  'connect.open': { input: z.strictObject({ flow: z.string() }), output: flowSchema },
  'connect.cancel': { input: z.strictObject({ flow: z.string() }), output: flowSchema },
  'connect.paste': {
    input: z.strictObject({ flow: z.string(), url: z.string().min(1).max(32_768) }),
    output: flowSchema,
  },
  'connect.decide': {
    input: z.strictObject({ flow: z.string(), choice: z.enum(['add_account', 'discard']) }),
    output: flowSchema,
  },
  'requests.send': {
    input: z.strictObject({ account, request: requestInputSchema }),
    output: signedAnswerSchema,
  },
  'activity.list': { input: activityInputSchema, output: z.array(activitySchema) },
  'practice.get': { input: nothing, output: practiceSchema },
  'practice.configure': {
    input: z.strictObject({ access_token_lifetime: z.number().int().min(2).max(86_400) }),
    output: practiceSchema,
  },
  /** The account is the one that the URL's host is bound to (E19). */
  'requests.send_to_host': { input: z.strictObject({ request: requestInputSchema }), output: signedAnswerSchema },
  ...appsContract,
  ...grantsContract,
  ...networkContract,
  ...webhooksContract,
  ...recordMethods,
  ...customMethods,
  ...vaultContract,
} as const

export type Contract = typeof contract
export type Method = keyof Contract
/** What a caller passes (defaults may be left out). */
export type Input<M extends Method> = z.input<Contract[M]['input']>
/** What a handler receives, checked and with defaults filled in. */
export type CheckedInput<M extends Method> = z.output<Contract[M]['input']>
export type Output<M extends Method> = z.output<Contract[M]['output']>

/** What the preload script exposes as `window.latchkey` on the desktop. Answers are `Result`s (shared/result.ts). */
export interface Bridge {
  call(method: string, input: unknown): Promise<unknown>
  /** Calls back with every `LatchkeyEvent`; returns the way to stop. */
  onEvent(listener: (event: unknown) => void): () => void
}
