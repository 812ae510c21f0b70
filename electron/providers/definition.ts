import { z } from 'zod'
import { scopeSchema, variableSchema } from '../../shared/models.ts'
import { clientAuthentications, grants } from '../../shared/standards.ts'

/**
 * The shape of a provider definition (docs/providers.md). URLs may hold `{variable}`, filled from the registration.
 * A fact that is not known is absent.
 */

const template = z.string().min(1)
/**
 * A request written down as a template (docs/providers.md). Every string may hold `{{ }}` expressions: CLIENT_ID,
 * CLIENT_SECRET, redirect_url, code, code_verifier, state, scope, refresh_token, access_token and `oauth.NAME` for
 * whatever the token answer held. Values are encoded for where they stand.
 */
export const requestTemplate = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().min(1),
  query: z.record(z.string(), z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.enum(['form', 'json', 'none']).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})
export type RequestTemplate = z.infer<typeof requestTemplate>

/** Where something stands in an answer: property names joined by dots, `[0]` for list items, several tried in turn. */
export const answerMapping = z.strictObject({
  access_token: z.array(z.string().min(1)).min(1),
  refresh_token: z.array(z.string().min(1)).optional(),
  id_token: z.array(z.string().min(1)).optional(),
  expires_in: z.array(z.string().min(1)).optional(),
  scope: z.array(z.string().min(1)).optional(),
  token_type: z.array(z.string().min(1)).optional(),
  /** An answer in which this path is not the wanted value is an error, although its status is 200 (Slack's `ok`). */
  success: z.strictObject({ path: z.string(), equals: z.union([z.string(), z.boolean(), z.number()]) }).optional(),
  /** Where the error's name and description stand. */
  error: z.array(z.string().min(1)).optional(),
  error_description: z.array(z.string().min(1)).optional(),
})
export type AnswerMapping = z.infer<typeof answerMapping>

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
      device_authorization: template.optional(),
      pushed_authorization_request: template.optional(),
      registration: template.optional(),
    })
    .optional(),
  /** Absent: authorization_code alone. The first is what a new registration uses. */
  grants: z.array(z.enum(grants)).min(1).optional(),
  /** How the answer is asked for and read, where it differs from `code` in the query (RFC 6749 4.1). */
  authorization: z
    .strictObject({
      response_type: z.string().optional(),
      /** OAuth 2.0 Multiple Response Types, Form Post Response Mode, JARM. */
      response_mode: z.enum(['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt']).optional(),
      /** RFC 9126 */
      par: z.enum(['required', 'refused']).optional(),
      /** Names of the answer's parameters where the provider has its own. */
      parameters: z
        .strictObject({
          code: z.string().optional(),
          state: z.string().optional(),
          error: z.string().optional(),
          error_description: z.string().optional(),
          access_token: z.string().optional(),
        })
        .optional(),
      /** A whole authorization URL as a template instead of the parameters of RFC 6749 (B1). */
      url: z.string().optional(),
    })
    .optional(),
  /** RFC 9449 */
  dpop: z.enum(['required', 'supported']).optional(),
  /** RFC 8707 resource indicator, and the `audience` that Auth0 and others want. Templates. */
  resource: template.optional(),
  audience: template.optional(),
  /** Requests of the provider's own in place of the standard's. */
  requests: z
    .strictObject({
      token: requestTemplate.optional(),
      refresh: requestTemplate.optional(),
      revoke: requestTemplate.optional(),
      validate: requestTemplate.optional(),
      identity: requestTemplate.optional(),
      answer: answerMapping.optional(),
    })
    .optional(),
  /** How to find out whether a token is good: the first of these that the provider has. */
  validation: z.array(z.enum(['introspection', 'userinfo', 'request'])).optional(),
  /** `built_in`: Latchkey brings the client (practice). */
  client: z.enum(['registration', 'built_in']),
  /** The first is the default. */
  client_authentication: z.array(z.enum(clientAuthentications)).min(1),
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
    sources: z.array(z.enum(['id_token', 'userinfo', 'request', 'token_answer'])).min(1),
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
      /** Seconds until it ends whatever happens (counted from the consent: rotation adds nothing), or when unused. */
      lifetime: z.number().int().positive().optional(),
      idle_lifetime: z.number().int().positive().optional(),
      /** Ends that hold in some cases only; `when` completes “ends after … if”. Seconds as in `lifetime`. */
      conditional: z
        .array(z.strictObject({ when: z.string().min(1), lifetime: z.number().int().positive() }))
        .min(1)
        .optional(),
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
    /**
     * Only where the API takes the token in the query and nowhere else (RFC 6750 2.3 advises against it): the parameter's
     * name. URLs are written down by servers and proxies on the way, and the token with them.
     */
    query_parameter: z.string().min(1).max(100).optional(),
  }),
  /** What git wants of this provider's repositories over https, for the credential helper. */
  git: z.strictObject({ hosts: z.array(template).min(1), username: z.string().min(1) }).optional(),
  variables: z.array(variableSchema.strict()),
  scopes: z.array(
    scopeSchema
      .extend({
        /** Requests that need this scope. Absent: it is not known which do. */
        covers: z
          .array(
            z.strictObject({
              host: z.string().min(1),
              path_prefix: z.string().startsWith('/').optional(),
              methods: z.array(z.string()).min(1).optional(),
            }),
          )
          .min(1)
          .optional(),
      })
      .strict(),
  ),
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
