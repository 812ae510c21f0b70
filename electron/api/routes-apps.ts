import { z } from 'zod'
import { contract } from '../../shared/contract.ts'
import { auditLimitsSchema, permissionInputSchema } from '../../shared/contract-apps.ts'
import type { Route } from './routes.ts'
import { requestToHostSchema } from './schemas.ts'

const app = { app: 'app' }
const ask = { ask: 'ask' }
const id = { id: 'id' }

/** Apps, their permissions and what they ask for; host bindings; who used what. */
export const appRoutes: Route[] = [
  { method: 'GET', path: '/v1/apps', call: 'apps.list', summary: 'The paired apps with their permissions.' },
  { method: 'GET', path: '/v1/apps/{app}', call: 'apps.get', summary: 'One app.', parameters: app },
  {
    method: 'PATCH',
    path: '/v1/apps/{app}',
    call: 'apps.change',
    summary: 'Gives an app another name, or another end: a date, or days without use.',
    parameters: app,
    body: contract['apps.change'].input.omit({ app: true }),
  },
  {
    method: 'DELETE',
    path: '/v1/apps/{app}',
    call: 'apps.revoke',
    summary: 'Ends an app: its key and its permissions, at once.',
    parameters: app,
  },
  {
    method: 'POST',
    path: '/v1/apps/{app}/permissions',
    call: 'permissions.add',
    summary: 'Gives an app a permission.',
    parameters: app,
    body: permissionInputSchema,
  },
  {
    method: 'PUT',
    path: '/v1/permissions/{id}',
    call: 'permissions.change',
    summary: 'Replaces a permission.',
    parameters: id,
    body: permissionInputSchema,
  },
  {
    method: 'DELETE',
    path: '/v1/permissions/{id}',
    call: 'permissions.withdraw',
    summary: 'Withdraws a permission, at once.',
    parameters: id,
  },
  {
    method: 'GET',
    path: '/v1/asks',
    call: 'asks.list',
    summary: 'What programs ask for: what waits, and what was decided within the last day. Newest first.',
  },
  {
    method: 'GET',
    path: '/v1/asks/{ask}',
    call: 'asks.get',
    summary: 'What one program asks for, by the id or the code of the ask.',
    parameters: ask,
  },
  {
    method: 'POST',
    path: '/v1/asks/{ask}/approve',
    call: 'asks.approve',
    summary: 'Approves with exactly these permissions, which may be fewer or narrower than what was asked for.',
    parameters: ask,
    body: contract['asks.approve'].input.omit({ ask: true }),
  },
  {
    method: 'POST',
    path: '/v1/asks/{ask}/deny',
    call: 'asks.deny',
    summary: 'Denies what a program asks for.',
    parameters: ask,
  },
  {
    method: 'GET',
    path: '/v1/bindings',
    call: 'bindings.list',
    summary: 'Which account requests to a host use when none is named.',
  },
  {
    method: 'POST',
    path: '/v1/bindings',
    call: 'bindings.save',
    summary: 'Binds a host to an account. Another account takes its place.',
    body: contract['bindings.save'].input,
  },
  {
    method: 'DELETE',
    path: '/v1/bindings/{host}',
    call: 'bindings.remove',
    summary: 'Takes the binding of a host away.',
    parameters: { host: 'host' },
  },
  {
    method: 'POST',
    path: '/v1/request',
    call: 'requests.send_to_host',
    summary: 'Sends a request with the credentials of the account that the URL’s host is bound to, or of `account`.',
    body: requestToHostSchema,
    bodyAs: 'request',
    large: true,
    choose: ({ request }) => {
      const { account, ...rest } = request as Record<string, unknown>
      return account === undefined
        ? { call: 'requests.send_to_host', input: { request } }
        : { call: 'requests.send', input: { account, request: rest } }
    },
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}/usage',
    call: 'accounts.usage',
    summary: 'Who used an account for what in the last days (30, at most 90), and which scopes nobody needed.',
    parameters: { account: 'account' },
    query: z.object({ days: contract['accounts.usage'].input.shape.days }),
    numbers: ['days'],
  },
  {
    method: 'GET',
    path: '/v1/activity/limits',
    call: 'activity.limits',
    summary: 'How long, and how much of, the activity is kept.',
  },
  {
    method: 'PUT',
    path: '/v1/activity/limits',
    call: 'activity.limit',
    summary: 'Sets how long, and how much of, the activity is kept.',
    body: auditLimitsSchema,
  },
]
