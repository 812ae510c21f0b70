import { z } from 'zod'
import { connectInputSchema, contract, registrationInputSchema, requestInputSchema } from '../../shared/contract.ts'
import { networkRouteInputSchema, networkRouteSchema } from '../../shared/contract-network.ts'
import { effectsSchema, providerRecordSchema } from '../../shared/contract-records.ts'
import {
  webhookDeliveryContentSchema,
  webhookDeliverySchema,
  webhookEndpointInputSchema,
  webhookEndpointSchema,
  webhookPresetSchema,
} from '../../shared/contract-webhooks.ts'
import { type ErrorCode, httpStatus } from '../../shared/errors.ts'
import {
  accountSchema,
  activitySchema,
  flowSchema,
  practiceSchema,
  providerSchema,
  registrationSchema,
  signedAnswerSchema,
  tokenInspectionSchema,
  vaultStatusSchema,
} from '../../shared/models.ts'
import { routes } from './routes.ts'
import {
  accessTokenSchema,
  errorSchema,
  eventSchema,
  healthSchema,
  pageLinkSchema,
  statusSchema,
  tokenInputSchema,
} from './schemas.ts'

/** The schemas that have a name in the document. */
const named: Record<string, z.ZodType> = {
  Account: accountSchema,
  Activity: activitySchema,
  Effects: effectsSchema,
  ProviderDetails: providerRecordSchema,
  ConnectInput: connectInputSchema,
  Error: errorSchema,
  Event: eventSchema,
  Flow: flowSchema,
  NetworkRoute: networkRouteSchema,
  NetworkRouteInput: networkRouteInputSchema,
  Practice: practiceSchema,
  Provider: providerSchema,
  Registration: registrationSchema,
  RegistrationInput: registrationInputSchema,
  RequestInput: requestInputSchema,
  SignedAnswer: signedAnswerSchema,
  TokenInspection: tokenInspectionSchema,
  VaultStatus: vaultStatusSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookDeliveryContent: webhookDeliveryContentSchema,
  WebhookEndpoint: webhookEndpointSchema,
  WebhookEndpointInput: webhookEndpointInputSchema,
  WebhookPreset: webhookPresetSchema,
  Health: healthSchema,
  Status: statusSchema,
  TokenInput: tokenInputSchema,
  AccessToken: accessTokenSchema,
  PageLink: pageLinkSchema,
}

interface Operation {
  method: string
  path: string
  summary: string
  id: string
  parameters: string[]
  query?: z.ZodObject
  body?: z.ZodType
  output: z.ZodType
  stream?: boolean
  open?: boolean
}

/** The calls that are not methods of the contract. */
const others: Omit<Operation, 'parameters'>[] = [
  {
    method: 'GET',
    path: '/v1/health',
    id: 'health',
    summary: 'Who answers here. Needs no key.',
    output: healthSchema,
    open: true,
  },
  { method: 'GET', path: '/v1/status', id: 'status', summary: 'The app and its vault.', output: statusSchema },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/token',
    id: 'accounts.token',
    summary: 'An access token, for programs that must have one. The only answer with a secret in it.',
    body: tokenInputSchema,
    output: accessTokenSchema,
  },
  {
    method: 'POST',
    path: '/v1/page-link',
    id: 'page.link',
    summary: 'A new one-time link to the headless page.',
    output: pageLinkSchema,
  },
  {
    method: 'GET',
    path: '/v1/events',
    id: 'events',
    summary: 'Server-sent events: ids and states.',
    output: eventSchema,
    stream: true,
  },
]

/** The OpenAPI 3.1 description of the local API, made from the schemas that check the calls. */
export function openApiDocument(options: { version: string; http: string }): Record<string, unknown> {
  const operations: Operation[] = [
    ...others,
    ...routes.map((route) => ({ ...route, id: route.call, output: contract[route.call].output })),
  ].map((operation) => ({
    ...operation,
    parameters: [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
  }))
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey local API',
      version: options.version,
      description: 'Served on this machine alone, over HTTP on a loopback address and over a socket.',
    },
    servers: [{ url: options.http }],
    security: [{ ownerKey: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, toJson(schema)])),
      securitySchemes: {
        ownerKey: { type: 'http', scheme: 'bearer', description: 'The text of owner.key in the profile.' },
      },
    },
  }
}

function describe(operation: Operation): Record<string, unknown> {
  const schema = reference(operation.output)
  const content = operation.stream
    ? { 'text/event-stream': { schema: { type: 'string', description: 'Each event’s data is an Event as JSON.' } } }
    : { 'application/json': { schema } }
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.open ? { security: [] } : {}),
    parameters: [
      ...operation.parameters.map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
        ...(name === 'account' ? { description: 'An id, an alias, or `provider:identity`, percent-encoded.' } : {}),
      })),
      ...Object.entries(operation.query?.shape ?? {}).map(([name, it]) => ({
        name,
        in: 'query',
        required: false,
        schema: toJson(it as z.ZodType),
      })),
    ],
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: reference(operation.body) } } } }),
    responses: {
      200: { description: 'Done.', content },
      default: {
        description: errorTable,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

const errorTable = `An error. Status for each code: ${Object.entries(httpStatus)
  .map(([code, status]) => `${code satisfies string as ErrorCode} ${status}`)
  .join(', ')}.`

function reference(schema: z.ZodType): Record<string, unknown> {
  const name = Object.keys(named).find((it) => named[it] === schema)
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
  if (schema instanceof z.ZodArray) return { type: 'array', items: reference(schema.element as z.ZodType) }
  return toJson(schema)
}

function toJson(schema: z.ZodType): Record<string, unknown> {
  // What a caller writes: fields with a default may be left out, and answers may gain fields later.
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
  return json
}
