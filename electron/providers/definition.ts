import { z } from 'zod'
import { scopeSchema, variableSchema } from '../../shared/models.ts'

/**
 * The shape of a provider definition (docs/providers.md). URLs may hold `{variable}`, filled from the registration.
 * A fact that is not known is absent.
 */

const template = z.string().min(1)
const authenticationMethods = ['none', 'client_secret_basic', 'client_secret_post'] as const

/** Where a claim stands in an answer: property names joined by dots. Several are tried in turn. */
const claimPath = z.array(z.string().min(1)).min(1)

export const definitionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  name: z.string().min(1),
  category: z.enum(['mail and office', 'code', 'identity', 'practice', 'other']),
  description: z.string().min(1),
  documentation_url: z.url().optional(),
  console_url: z.url().optional(),
  evidence: z.enum(['documented', 'secondary', 'unverified']),
  sources: z.array(z.strictObject({ url: z.url(), read_on: z.iso.date(), facts: z.string().min(1) })),

  /** Found by discovery (OIDC Discovery 1.0 or RFC 8414) … */
  issuer: template.optional(),
  discovery: z.enum(['oidc', 'oauth2']).optional(),
  /** … or written down. One that is a variable alone, not required and left empty, is an endpoint that does not exist. */
  endpoints: z
    .strictObject({
      authorization: template,
      token: template,
      userinfo: template.optional(),
      revocation: template.optional(),
      introspection: template.optional(),
    })
    .optional(),
  /** `built_in`: Latchkey brings the client (practice). */
  client: z.enum(['registration', 'built_in']),
  /** The first is the default. */
  client_authentication: z.array(z.enum(authenticationMethods)).min(1),
  pkce: z.enum(['S256', 'refused']),
  scope_separator: z.enum([' ', ',']),
  /** Added to every authorization request, for example `access_type=offline`. */
  authorization_parameters: z.record(z.string(), z.string()),
  redirect: z.strictObject({
    host: z.enum(['127.0.0.1', 'localhost']),
    port: z.number().int().min(1024).max(65_535).nullable(),
    note: z.string().optional(),
  }),
  sign_in: z.strictObject({ via: z.enum(['window', 'browser']), reason: z.string().optional() }),
  /** Where identity comes from: the ID token first when there is one and `id_token` is named. */
  identity: z.strictObject({
    sources: z.array(z.enum(['id_token', 'userinfo'])).min(1),
    subject: claimPath,
    name: claimPath.optional(),
    username: claimPath.optional(),
    email: claimPath.optional(),
  }),
  refresh_token: z
    .strictObject({
      /** What has to be asked for to get one. */
      needs: z.string().optional(),
      rotates: z.boolean().optional(),
      /** Seconds until it ends whatever happens, or when unused. */
      lifetime: z.number().int().positive().optional(),
      idle_lifetime: z.number().int().positive().optional(),
    })
    .optional(),
  api: z.strictObject({
    /** Relative request URLs start here, its path included; its host may always receive signed requests. */
    base_url: template.optional(),
    /** Hosts a signed request may go to; `*.example.com` covers every name below, not the name itself. */
    hosts: z.array(z.string().min(1)),
    /** Plain http and private addresses allowed: for providers on this machine or inside a private network. */
    private_network: z.boolean(),
    /** A harmless request that shows that the account works. */
    probe: z.strictObject({ method: z.enum(['GET', 'HEAD']), url: template }).optional(),
    /** Where the access token goes. The prefix stands right before it, its space included: `Bearer `. */
    header: z.strictObject({ name: z.string().min(1), prefix: z.string() }),
  }),
  variables: z.array(variableSchema.strict()),
  scopes: z.array(scopeSchema.strict()),
  setup_steps: z.array(z.string().min(1)),
  /** What this provider will do to the person later: expiry, review, testing mode. */
  notices: z.array(z.string().min(1)),
})

export type Definition = z.infer<typeof definitionSchema>

export interface Catalogue {
  list(): Definition[]
  /** Throws `not_found` when there is none. */
  get(id: string): Definition
}
