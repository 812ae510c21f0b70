import { z } from 'zod'
import { accountSchema, providerSchema, registrationSchema } from './models.ts'
import { grants } from './standards.ts'

/** Providers and registrations as records, and the lifecycle of registrations and accounts. */

const account = z.string().min(1).max(300)
const id = z.string().min(1).max(100)
/** Protects the secrets of an export. It leaves this computer, so it has to stand up to guessing elsewhere. */
const exportPassphrase = z.string().min(12, 'The passphrase needs at least 12 characters.').max(1024)

/** What a registration chooses where the provider leaves a choice. Not secret. */
export const registrationOptionsSchema = z.strictObject({
  grant: z.enum(grants).optional(),
  /** RFC 9449, RFC 9126. */
  dpop: z.boolean().optional(),
  par: z.boolean().optional(),
  /** RFC 8707: an absolute URI without a fragment. */
  resource: z.string().max(2000).optional(),
  audience: z.string().max(2000).optional(),
  bearer: z.enum(['access_token', 'id_token']).optional(),
  header: z.strictObject({ name: z.string().min(1).max(200), prefix: z.string().max(200) }).optional(),
  /** Relative request URLs start here. */
  baseUrl: z.string().max(2000).optional(),
  signingAlgorithm: z.string().max(20).optional(),
  keyId: z.string().max(500).optional(),
  assertion: z
    .strictObject({
      issuer: z.string().max(2000).optional(),
      subject: z.string().max(2000).optional(),
      audience: z.string().max(2000).optional(),
    })
    .optional(),
})

/** Something worth knowing that keeps nothing from being done. `field` is where it stands in a definition. */
export const warningSchema = z.object({ field: z.string().nullable(), message: z.string() })
export type Warning = z.infer<typeof warningSchema>

/** A provider with its whole definition (docs/providers.md), for those who edit it. */
export const providerRecordSchema = z.object({
  provider: providerSchema,
  definition: z.record(z.string(), z.unknown()),
  /** The registrations that use it. */
  registrations: z.array(z.object({ id: z.string(), name: z.string() })),
  warnings: z.array(warningSchema),
})
export type ProviderDetails = z.infer<typeof providerRecordSchema>

const definition = z.record(z.string(), z.unknown())

/** A file of providers, and of registrations when they were asked for (docs/providers.md, Export and import). */
const exportDocument = z.record(z.string(), z.unknown())

export const importResultSchema = z.object({
  providers: z.array(
    z.object({ id: z.string(), name: z.string(), outcome: z.enum(['added', 'replaced', 'unchanged']) }),
  ),
  registrations: z.array(
    z.object({ id: z.string(), name: z.string(), provider_id: z.string(), complete: z.boolean() }),
  ),
  warnings: z.array(warningSchema),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const lifecycleActions = ['enable', 'disable', 'reset', 'revoke', 'remove'] as const
export type LifecycleAction = (typeof lifecycleActions)[number]

/** What an action will touch, told before it is done. */
export const effectsSchema = z.object({
  action: z.enum(lifecycleActions),
  registration: z.object({ id: z.string(), name: z.string() }).nullable(),
  accounts: z.array(z.object({ id: z.string(), alias: z.string(), has_tokens: z.boolean() })),
  /** Token sets that are forgotten. */
  tokens_forgotten: z.number(),
  /** Sign-ins under way that end. */
  sign_ins_cancelled: z.number(),
  /** Entries in the activity about them. They stay, whatever is done. */
  activity_entries: z.number(),
  /** Whether the provider is told that the grants have ended (RFC 7009). `unknown`: it could not be asked. */
  provider_told: z.enum(['yes', 'no', 'unknown']),
  /** Whether it can be undone here. */
  undo: z.boolean(),
  /** The same in sentences for a person. */
  sentences: z.array(z.string()),
})
export type Effects = z.infer<typeof effectsSchema>

/** What became of each account's grant. `told`: its provider has ended it and its tokens are gone here. */
export const registrationRevokedSchema = z.object({
  registration: registrationSchema,
  accounts: z.array(z.object({ id: z.string(), alias: z.string(), told: z.boolean(), reason: z.string().nullable() })),
})
export type RegistrationRevoked = z.infer<typeof registrationRevokedSchema>

const action = z.enum(lifecycleActions)
const done = z.object({})
const one = z.strictObject({ id })

export const recordMethods = {
  'providers.get': { input: one, output: providerRecordSchema },
  /** Says what `save` would say, and saves nothing. */
  'providers.check': { input: z.strictObject({ definition }), output: providerRecordSchema },
  'providers.save': { input: z.strictObject({ definition }), output: providerRecordSchema },
  'providers.duplicate': {
    input: z.strictObject({ id, new_id: id.optional(), name: z.string().trim().min(1).max(200).optional() }),
    output: providerRecordSchema,
  },
  /** Removes an own provider; of a changed one the change, so that the catalogue's is there again. */
  'providers.remove': { input: one, output: done },
  'providers.discover': {
    input: z.strictObject({
      issuer: z.string().trim().min(1).max(2000),
      /** The provider is inside a private network. */
      private_network: z.boolean().default(false),
    }),
    output: z.object({ definition, source: z.string(), warnings: z.array(warningSchema) }),
  },
  'providers.export': {
    input: z.strictObject({
      /** Absent: all that the person made or changed. */
      providers: z.array(id).max(1000).optional(),
      registrations: z.boolean().default(false),
      /** With one, the secrets of the registrations go along, encrypted under it. */
      passphrase: exportPassphrase.optional(),
    }),
    output: z.object({ document: exportDocument }),
  },
  'providers.import': {
    input: z.strictObject({
      document: exportDocument,
      passphrase: z.string().min(1).max(1024).optional(),
      /** Leaves encrypted secrets aside. */
      without_secrets: z.boolean().default(false),
      /** Replaces providers that are here already and differ. */
      replace: z.boolean().default(false),
    }),
    output: importResultSchema,
  },
  'registrations.register': {
    input: z.strictObject({
      provider_id: id,
      name: z.string().trim().min(1, 'A registration needs a name.').max(200),
      variables: z.record(z.string(), z.string().max(2000)).default({}),
      scopes: z.array(z.string().min(1).max(500)).max(200).optional(),
      /** RFC 7591 3: for providers that register only whom they know. */
      initial_access_token: z.string().max(8000).optional(),
    }),
    output: registrationSchema,
  },
  'registrations.duplicate': {
    input: z.strictObject({ id, name: z.string().trim().min(1).max(200).optional() }),
    output: registrationSchema,
  },
  'registrations.enable': { input: one, output: registrationSchema },
  'registrations.disable': { input: one, output: registrationSchema },
  'registrations.reset': { input: one, output: registrationSchema },
  'registrations.revoke': { input: one, output: registrationRevokedSchema },
  'registrations.effects': { input: z.strictObject({ id, action }), output: effectsSchema },
  'accounts.enable': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.disable': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.revoke': { input: z.strictObject({ account }), output: accountSchema },
  'accounts.effects': { input: z.strictObject({ account, action }), output: effectsSchema },
} as const
