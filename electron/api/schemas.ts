import { z } from 'zod'
import { contract, requestInputSchema } from '../../shared/contract.ts'
import { activityFilterSchema, askStates } from '../../shared/contract-apps.ts'
import { errorCodes } from '../../shared/errors.ts'
import { accountStates, appInfoSchema, flowStates, vaultStatusSchema } from '../../shared/models.ts'

/** Shapes that only the local API has. */

/** `POST …/token`. */
export const tokenInputSchema = z.strictObject({
  /** At least this many seconds must be left. */
  min_validity: z.number().int().min(0).max(31_536_000).optional(),
  /** A token of before that the API refused: it is not given out again. */
  rejected: z.string().min(1).max(16_384).optional(),
  /** Scopes that it must have. */
  scopes: z.array(z.string().min(1).max(500)).max(100).optional(),
  /** The audience or resource that it must be for. */
  audience: z.string().min(1).max(2000).optional(),
})

/** `POST /v1/request`: a signed request, with or without an account. */
export const requestToHostSchema = requestInputSchema.extend({
  account: contract['accounts.get'].input.shape.account.optional(),
})

/** `GET /v1/activity/export`. */
export const exportQuerySchema = activityFilterSchema.extend({ limit: z.number().int().min(1).optional() })

export const accessTokenSchema = z.object({
  access_token: z.string(),
  token_type: z.string(),
  /** null: the provider gave no expiry. */
  expires_at: z.string().nullable(),
  /** Seconds. */
  expires_in: z.number().nullable(),
  scopes: z.array(z.string()),
})

export const healthSchema = z.object({ name: z.string(), version: z.string(), locked: z.boolean() })
export const statusSchema = z.object({ app: appInfoSchema, vault: vaultStatusSchema })
/** A one-time link to the headless page; `expires_in` in seconds. */
export const pageLinkSchema = z.object({ url: z.string(), expires_in: z.number() })

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    account: z.string().optional(),
    field: z.string().optional(),
    candidates: z.array(z.string()).optional(),
    retry_after: z.number().optional(),
    action: z.object({ text: z.string(), url: z.string().optional(), command: z.string().optional() }).optional(),
  }),
})

/** The data of one server-sent event. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('account'), account_id: z.string(), state: z.enum([...accountStates, 'removed']) }),
  z.object({ type: z.literal('flow'), flow_id: z.string(), state: z.enum(flowStates) }),
  z.object({ type: z.literal('registration'), registration_id: z.string() }),
  z.object({ type: z.literal('activity'), activity_id: z.number() }),
  z.object({ type: z.literal('webhook'), endpoint_id: z.string(), delivery_id: z.string().nullable() }),
  z.object({ type: z.literal('provider'), provider_id: z.string() }),
  z.object({ type: z.literal('app'), app_id: z.string(), state: z.enum(['active', 'expired', 'revoked']) }),
  z.object({ type: z.literal('ask'), ask_id: z.string(), state: z.enum(askStates) }),
  z.object({ type: z.literal('vault'), state: vaultStatusSchema.shape.state }),
  /** What came before is not known any more: read the state anew. */
  z.object({ type: z.literal('reset') }),
])
