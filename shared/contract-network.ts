import { z } from 'zod'

/** How the requests of one provider travel. What is secret is only said to be there. */
export const networkRouteSchema = z.object({
  provider_id: z.string(),
  /** null: the system's proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). `direct`: none. Else a URL without credentials. */
  proxy: z.string().nullable(),
  proxy_username: z.string().nullable(),
  has_proxy_password: z.boolean(),
  /** PEM, trusted beside the authorities that this machine trusts. */
  ca_bundle: z.string().nullable(),
  /** PEM of the client certificate. */
  certificate: z.string().nullable(),
  has_private_key: z.boolean(),
  private_network: z.boolean(),
})
export type NetworkRoute = z.infer<typeof networkRouteSchema>

const pem = z.string().max(1_000_000)

/** A route as it is written. `proxy_password`, `private_key`: absent keeps the stored one, empty removes it. */
export const networkRouteInputSchema = z.strictObject({
  provider_id: z.string().min(1).max(100),
  proxy: z.string().trim().max(2000).nullable().default(null),
  proxy_username: z.string().max(255).nullable().default(null),
  proxy_password: z.string().max(255).optional(),
  ca_bundle: pem.nullable().default(null),
  certificate: pem.nullable().default(null),
  private_key: pem.optional(),
  private_network: z.boolean().default(false),
})
export type NetworkRouteInput = z.infer<typeof networkRouteInputSchema>

/** Where the endpoints of providers may be. null: at any public host. */
export const egressSchema = z.object({ hosts: z.array(z.string()).nullable() })
export type Egress = z.infer<typeof egressSchema>
export const egressInputSchema = z.strictObject({ hosts: z.array(z.string().max(260)).max(500).nullable() })

const nothing = z.strictObject({})

export const networkContract = {
  'network.routes': { input: nothing, output: z.array(networkRouteSchema) },
  'network.save': { input: networkRouteInputSchema, output: networkRouteSchema },
  'network.remove': { input: z.strictObject({ provider_id: z.string() }), output: z.object({}) },
  'network.egress': { input: nothing, output: egressSchema },
  'network.allow': { input: egressInputSchema, output: egressSchema },
} as const
