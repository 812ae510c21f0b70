import type { z } from 'zod'
import { type ErrorCode, httpStatus } from '../../shared/errors.ts'
import { type Operation, operations } from './openapi-operations.ts'
import { componentSchemas, schemaOf } from './openapi-schemas.ts'

/** What the calls are about, by the first part of their paths. */
const tags: Record<string, { parts: string[]; description: string }> = {
  latchkey: {
    parts: ['health', 'status', 'openapi.json', 'page-link', 'lock', 'unlock', 'vault', 'doctor', 'profiles'],
    description: 'Latchkey itself, its vault and its page.',
  },
  pairing: { parts: ['pair', 'app'], description: 'How a program gets a key of its own.' },
  apps: {
    parts: ['apps', 'permissions', 'asks'],
    description: 'Paired apps, what they may do, and what they ask for.',
  },
  accounts: { parts: ['accounts', 'validation'], description: 'Accounts: used, shown, renewed, ended.' },
  requests: { parts: ['request', 'bindings'], description: 'Signed requests to hosts that are bound to an account.' },
  'sign-ins': { parts: ['connect', 'flows'], description: 'Connecting accounts.' },
  registrations: { parts: ['registrations'], description: 'OAuth clients.' },
  providers: { parts: ['providers', 'templates'], description: 'Providers and their definitions.' },
  network: { parts: ['network'], description: 'How requests travel.' },
  webhooks: { parts: ['webhooks'], description: 'Webhook endpoints and what arrived.' },
  activity: { parts: ['activity', 'events'], description: 'What happened, and what happens.' },
  practice: { parts: ['practice'], description: 'The practice provider.' },
}

const tagOf = (path: string): string => {
  const part = path.replace('/v1/', '/').split('/')[1] ?? ''
  return Object.keys(tags).find((tag) => tags[tag]?.parts.includes(part)) ?? part
}

/** The OpenAPI 3.1 description of the local API, made from the schemas that check the calls. */
export function openApiDocument(options: { version: string; http: string }): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Latchkey local API',
      version: options.version,
      description:
        'Served on this machine alone, over HTTP on a loopback address and over a socket. Apps get what their permissions cover, and `forbidden` for everything else.',
    },
    servers: [{ url: options.http }],
    security: [{ ownerKey: [] }],
    tags: Object.entries(tags).map(([name, { description }]) => ({ name, description })),
    paths,
    components: {
      schemas: componentSchemas(),
      responses: Object.fromEntries(
        Object.entries(refusals).map(([name, { description }]) => [name, { description, content: errorContent }]),
      ),
      securitySchemes: {
        ownerKey: { type: 'http', scheme: 'bearer', description: 'The text of owner.key in the profile.' },
        appKey: { type: 'http', scheme: 'bearer', description: 'The key of a paired app: `lkapp_…`.' },
        pairingSecret: {
          type: 'http',
          scheme: 'bearer',
          description: 'The `secret` of the answer to `POST /v1/pair`.',
        },
      },
    },
  }
}

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }

/** Refusals that every call may have; the rest is behind `default`. */
const refusals: Record<string, { status: number; description: string; keyless?: boolean }> = {
  InvalidRequest: { status: 400, description: '`invalid_request`: `field` names what is wrong.', keyless: true },
  Unauthenticated: { status: 401, description: '`unauthenticated`: no key, a wrong one, or one that has ended.' },
  Forbidden: { status: 403, description: '`forbidden`, `destination_not_allowed`: it is not allowed.', keyless: true },
  NotFound: { status: 404, description: '`not_found`: there is no such thing.' },
  RateLimited: { status: 429, description: '`rate_limited`: come back after `retry_after` seconds.', keyless: true },
}

function describe(operation: Operation): Record<string, unknown> {
  const { id, summary, description, path, keys, query, headers, status = 200 } = operation
  const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  return {
    operationId: id,
    tags: [tagOf(path)],
    summary,
    description: description ?? summary,
    security: keys.map((key) => ({ [key]: [] })),
    parameters: [
      ...named.map((name) => ({
        name,
        in: 'path',
        required: true,
        description: parameterTexts[name] ?? `The ${name}.`,
        schema: { type: 'string' },
      })),
      ...Object.entries(query?.shape ?? {}).map(([name, it]) => ({
        name,
        in: 'query',
        required: !(it as z.ZodType).safeParse(undefined).success,
        description: queryTexts[name] ?? `Narrows to this ${name}.`,
        schema: schemaOf(it as z.ZodType),
      })),
      ...(headers ?? []).map((it) => ({ ...it, in: 'header', required: false, schema: { type: 'string' } })),
    ],
    ...bodyOf(operation),
    responses: {
      [status]: { description: 'Done.', ...answerOf(operation) },
      ...Object.fromEntries(
        Object.entries(refusals)
          .filter(([, it]) => keys.length > 0 || it.keyless)
          .map(([name, it]) => [it.status, { $ref: `#/components/responses/${name}` }]),
      ),
      default: { description: errorTable, content: errorContent },
    },
  }
}

function bodyOf({ body, anyBody }: Operation): Record<string, unknown> {
  if (anyBody) {
    return { requestBody: { description: 'Goes on as it is.', content: { '*/*': { schema: { type: 'string' } } } } }
  }
  if (body === undefined) return {}
  // All fields may be left out: then the body may be, too.
  const required = !body.safeParse({}).success
  return { requestBody: { required, content: { 'application/json': { schema: schemaOf(body) } } } }
}

function answerOf({ method, media, output, id }: Operation): Record<string, unknown> {
  if (method === 'HEAD') return {}
  if (media !== undefined) {
    const each = media.of === undefined ? {} : { contentSchema: schemaOf(media.of) }
    return { content: { [media.type]: { schema: { type: 'string', description: media.description, ...each } } } }
  }
  const content = { 'application/json': { schema: schemaOf(output) } }
  return id === 'accounts.list' ? { content, headers: linkHeader } : { content }
}

const linkHeader = {
  Link: {
    description: '`<…>; rel="next"` (RFC 8288) when `limit` was given and there are more.',
    schema: { type: 'string' },
  },
}

const parameterTexts: Record<string, string> = {
  account: 'An id, an alias, or `provider:identity`, percent-encoded.',
  app: 'The id or the name of an app.',
  ask: 'The id or the code of an ask.',
  host: 'A host as it was bound: `api.example.com`, or with a port.',
  id: 'The id.',
  provider: 'The id of a provider.',
  target: 'A path below the API base URL, or an absolute URL, with slashes and query as they are.',
}

const queryTexts: Record<string, string> = {
  limit: 'At most so many.',
  after: 'Those after the one with this id.',
  before: 'Those before this one.',
  days: 'How many days to look back.',
  since: 'Not before this time.',
  until: 'Not after this time.',
  search: 'Stands somewhere in the summary, whatever the case.',
  outcome: '`ok`: below 400. `failed`: 400 and above, or no answer at all.',
  action: 'The action that is being thought of.',
  account: 'An account’s id, alias, or `provider:identity`.',
  app: 'An app’s id or name.',
}

const errorTable = `An error. Status for each code: ${Object.entries(httpStatus)
  .map(([code, status]) => `${code satisfies string as ErrorCode} ${status}`)
  .join(', ')}.`
