import { z } from 'zod'
import { registrationSchema } from './models.ts'

/** A service account's key file as a provider's console hands it out (Google: `"type": "service_account"`). */
export const serviceAccountInputSchema = z.strictObject({
  /** The whole file, as text. */
  json: z.string().min(1).max(65_536),
  provider_id: z.string().max(100).default('google'),
  /** Absent: named after the service account. */
  name: z.string().trim().min(1).max(200).optional(),
  /** Absent: the provider's usual ones. */
  scopes: z.array(z.string().min(1).max(500)).max(200).optional(),
  /** The person whom the service account stands for in everything (`sub`; Google: domain-wide delegation). */
  subject: z.string().trim().min(1).max(320).optional(),
})

export const grantsContract = {
  'registrations.from_service_account': { input: serviceAccountInputSchema, output: registrationSchema },
} as const

export type GrantMethod = keyof typeof grantsContract
