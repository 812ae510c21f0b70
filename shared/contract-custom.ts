import { z } from 'zod'
import { accountSchema } from './models.ts'

/** Custom requests as they are edited, and the validation of accounts. */

const nothing = z.strictObject({})

/** How often accounts are validated by themselves. 0: never. */
export const validationSettingsSchema = z.object({ interval_minutes: z.number().int().min(0).max(10_080) })
export type ValidationSettings = z.infer<typeof validationSettingsSchema>

export const ownRequestNames = ['authorization', 'token', 'refresh', 'revoke', 'validate', 'identity'] as const

/**
 * Which request to show: of a definition as it is being edited, or of a provider that is there. `registration` brings its
 * client ID, scopes and variables along; without one they are placeholders.
 */
export const templateInputSchema = z
  .strictObject({
    definition: z.record(z.string(), z.unknown()).optional(),
    provider: z.string().max(100).optional(),
    request: z.enum(ownRequestNames),
    registration: z.string().max(100).optional(),
  })
  .refine((input) => (input.definition === undefined) !== (input.provider === undefined), {
    message: 'Name exactly one of definition or provider.',
    path: ['definition'],
  })
export type TemplateInput = z.infer<typeof templateInputSchema>

/** A request as it would be sent. What is secret, or not known before a sign-in, is `***NAME***`. */
export const renderedRequestSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  /** The names that its template uses. */
  variables: z.array(z.string()),
})
export type RenderedRequestView = z.infer<typeof renderedRequestSchema>

/** The same, and what arrived of it at the practice provider. */
export const dryRunSchema = z.object({
  sent: renderedRequestSchema,
  arrived: z.object({
    method: z.string(),
    path: z.string(),
    query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
})
export type DryRun = z.infer<typeof dryRunSchema>

/** A sample answer to try a mapping on. */
export const answerInputSchema = z.strictObject({
  /** `requests.answer` of a definition; absent: the standard's names. */
  mapping: z.record(z.string(), z.unknown()).optional(),
  status: z.number().int().min(100).max(599).default(200),
  content_type: z.string().max(200).default('application/json'),
  body: z.string().max(100_000),
})
export type AnswerInput = z.infer<typeof answerInputSchema>

/** What Latchkey reads out of it. Tokens are only said to be there. */
export const readAnswerSchema = z.object({
  access_token: z.boolean(),
  refresh_token: z.boolean(),
  id_token: z.boolean(),
  /** Seconds. */
  expires_in: z.number().nullable(),
  scopes: z.array(z.string()),
  /** Names that `{{ oauth.NAME }}` can use afterwards. */
  saved: z.array(z.string()),
  /** The error that the answer tells of, by name. */
  provider_error: z.string().nullable(),
  /** What the mapping does not find, or why the answer cannot be read. */
  problem: z.string().nullable(),
})
export type ReadAnswer = z.infer<typeof readAnswerSchema>

export const customMethods = {
  'accounts.validate': {
    input: z.strictObject({ account: z.string().min(1).max(300) }),
    output: accountSchema,
  },
  'validation.get': { input: nothing, output: validationSettingsSchema },
  'validation.configure': { input: z.strictObject(validationSettingsSchema.shape), output: validationSettingsSchema },
  'templates.preview': { input: templateInputSchema, output: renderedRequestSchema },
  'templates.dry_run': { input: templateInputSchema, output: dryRunSchema },
  'templates.read_answer': { input: answerInputSchema, output: readAnswerSchema },
} as const
