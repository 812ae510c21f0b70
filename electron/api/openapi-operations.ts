import { z } from 'zod'
import { contract, type Method } from '../../shared/contract.ts'
import { appSchema, pairInputSchema, pairingSchema } from '../../shared/contract-apps.ts'
import { activitySchema } from '../../shared/models.ts'
import { routes } from './routes.ts'
import {
  accessTokenSchema,
  eventSchema,
  exportQuerySchema,
  healthSchema,
  pageLinkSchema,
  statusSchema,
  tokenInputSchema,
} from './schemas.ts'

/** One call of the local API, as it is described. */
export interface Operation {
  method: string
  path: string
  id: string
  summary: string
  description?: string
  /** The keys that open it; none: it needs no key. */
  keys: ('ownerKey' | 'appKey' | 'pairingSecret')[]
  query?: z.ZodObject
  headers?: { name: string; description: string }[]
  body?: z.ZodType
  /** Of a body that is no JSON of ours. */
  anyBody?: boolean
  /** The status of a good answer, 200 by default. */
  status?: number
  output: z.ZodType
  /** The media type of an answer that is no JSON, and what it holds. */
  media?: { type: string; description: string; of?: z.ZodType }
}

const everybody: Operation['keys'] = ['ownerKey', 'appKey']
const text = z.string()

const proxied = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map(
  (method): Operation => ({
    method,
    path: '/v1/accounts/{account}/proxy/{target}',
    id: `proxy.${method.toLowerCase()}`,
    summary: `${method} at the account’s API, signed and streamed both ways.`,
    description:
      '`target` is everything behind `/proxy/`, with its slashes and its query, not percent-encoded: a path below the provider’s API base URL, or an absolute URL. ' +
      'Point the base URL of a client library here. Its key for the API is the key of this one, as `Authorization: Bearer KEY` or `Authorization: token KEY`. ' +
      'Status, headers and body are those of the API; an error of Latchkey’s own is JSON as everywhere.',
    keys: everybody,
    ...(method === 'POST' || method === 'PUT' || method === 'PATCH' ? { anyBody: true } : {}),
    output: text,
    media: { type: '*/*', description: 'What the API answered.' },
  }),
)

/** The calls that are not methods of the contract. */
const others: Operation[] = [
  {
    method: 'GET',
    path: '/v1/health',
    id: 'health',
    summary: 'Who answers here. Needs no key.',
    output: healthSchema,
    keys: [],
  },
  {
    method: 'GET',
    path: '/v1/status',
    id: 'status',
    summary: 'Latchkey and its vault.',
    output: statusSchema,
    keys: ['ownerKey'],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    id: 'openapi',
    summary: 'This document.',
    output: z.looseObject({ openapi: text }),
    keys: everybody,
  },
  {
    method: 'POST',
    path: '/v1/pair',
    id: 'pair',
    summary: 'Asks for access to accounts. Needs no key.',
    description:
      'The person sees the name, the purpose, what is wanted, and the code, and decides. Look what became of it with the `secret` of the answer.',
    body: pairInputSchema,
    output: pairingSchema,
    status: 201,
    keys: [],
  },
  {
    method: 'GET',
    path: '/v1/pair/{id}',
    id: 'pair.look',
    summary: 'What became of asking for access. The key is in the first answer after the approval, and in no other.',
    output: pairingSchema,
    keys: ['pairingSecret'],
  },
  {
    method: 'GET',
    path: '/v1/app',
    id: 'app',
    summary: 'The app that the key belongs to, with its permissions.',
    output: appSchema,
    keys: ['appKey'],
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/token',
    id: 'accounts.token',
    summary: 'An access token, for programs that must have one. Besides pairing, the only answer with a secret in it.',
    body: tokenInputSchema,
    output: accessTokenSchema,
    keys: everybody,
  },
  ...proxied,
  {
    method: 'GET',
    path: '/v1/activity/export',
    id: 'activity.export',
    summary: 'What happened, oldest first, as JSON lines.',
    query: exportQuerySchema,
    output: text,
    media: { type: 'application/x-ndjson', description: 'Each line is an Activity as JSON.', of: activitySchema },
    keys: ['ownerKey'],
  },
  {
    method: 'POST',
    path: '/v1/page-link',
    id: 'page.link',
    summary: 'A new one-time link to the headless page.',
    output: pageLinkSchema,
    keys: ['ownerKey'],
  },
  {
    method: 'GET',
    path: '/v1/events',
    id: 'events',
    summary: 'Changes as they happen: ids and states.',
    description: 'Server-sent events (HTML Standard 9.2). Each has an id; its data is an `Event` as JSON.',
    headers: [
      { name: 'Last-Event-ID', description: 'The id of the last event that was seen: what was missed follows.' },
    ],
    output: eventSchema,
    media: { type: 'text/event-stream', description: 'Each event’s data is an Event as JSON.', of: eventSchema },
    keys: everybody,
  },
]

/** The methods that an app's key opens, with a permission (services/apps/app-calls.ts decides; a test compares). */
export const appMethods: ReadonlySet<Method> = new Set<Method>([
  'providers.list',
  'accounts.list',
  'accounts.get',
  'accounts.inspect',
  'accounts.rename',
  'accounts.refresh',
  'accounts.expire',
  'accounts.validate',
  'accounts.reset',
  'accounts.revoke',
  'accounts.enable',
  'accounts.disable',
  'accounts.remove',
  'connect.start',
  'connect.get',
  'connect.open',
  'connect.cancel',
  'connect.paste',
  'requests.send',
  'requests.send_to_host',
])

/** Every call of the local API. */
export const operations: Operation[] = [
  ...others,
  ...routes.map(({ method, path, call, summary, query, body }): Operation => {
    const given = { ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) }
    const keys: Operation['keys'] = appMethods.has(call) ? everybody : ['ownerKey']
    return { method, path, summary, id: call, keys, output: contract[call].output, ...given }
  }),
]
