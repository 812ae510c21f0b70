import { z } from 'zod'
import {
  accountsInputSchema,
  activityInputSchema,
  connectInputSchema,
  contract,
  type Method,
  registrationInputSchema,
  requestInputSchema,
} from '../../shared/contract.ts'
import { answerInputSchema, templateInputSchema } from '../../shared/contract-custom.ts'
import { egressInputSchema, networkRouteInputSchema } from '../../shared/contract-network.ts'
import { webhookDeliveriesInputSchema, webhookEndpointInputSchema } from '../../shared/contract-webhooks.ts'
import { appRoutes } from './routes-apps.ts'
import { recordRoutes } from './routes-records.ts'
import { vaultRoutes } from './routes-vault.ts'

/**
 * The calls of the local API (v1) that are methods of the contract, as a table: the router and the OpenAPI document are
 * both made from it. The contract's schemas check what comes in, whichever way it came.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `{name}` is a path parameter. */
  path: string
  call: Method
  summary: string
  /** Path parameters under the name that the contract has for them. */
  parameters?: Record<string, string>
  /** What the body may hold. Absent: nothing. */
  body?: z.ZodType
  /** What the query may hold, and which of it are numbers: a query is all text. */
  query?: z.ZodObject
  numbers?: string[]
  /** The body stands in the input under this name. */
  bodyAs?: string
  /** For bodies that carry another request's body. */
  large?: boolean
  /** The answer is a list of things with ids, in pages of `limit` when it is given. */
  paged?: boolean
  /** Which method is meant, where what was sent decides. */
  choose?: (input: Record<string, unknown>) => { call: Method; input: Record<string, unknown> }
}

const account = { account: 'account' }
const flow = { id: 'flow' }

export const routes: Route[] = [
  { method: 'GET', path: '/v1/providers', call: 'providers.list', summary: 'The providers of the catalogue.' },
  {
    method: 'GET',
    path: '/v1/accounts',
    call: 'accounts.list',
    summary: 'All accounts, those that need the person first. With `limit` a page of them; `Link` leads to the next.',
    query: z.object(accountsInputSchema.shape),
    numbers: ['limit'],
    paged: true,
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}',
    call: 'accounts.get',
    summary: 'One account.',
    parameters: account,
  },
  {
    method: 'PATCH',
    path: '/v1/accounts/{account}',
    call: 'accounts.rename',
    summary: 'Gives an account another alias.',
    parameters: account,
    body: contract['accounts.rename'].input.omit({ account: true }),
  },
  {
    method: 'DELETE',
    path: '/v1/accounts/{account}',
    call: 'accounts.remove',
    summary: 'Removes an account and its tokens for good; revokes them at the provider when it can.',
    parameters: account,
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}/tokens',
    call: 'accounts.inspect',
    summary: 'What can be told of the tokens without showing them.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/request',
    call: 'requests.send',
    summary: 'Sends a request with the account’s credentials and answers what came back.',
    parameters: account,
    body: requestInputSchema,
    bodyAs: 'request',
    large: true,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/refresh',
    call: 'accounts.refresh',
    summary: 'Refreshes the tokens now.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/validate',
    call: 'accounts.validate',
    summary: 'Asks the provider whether the token is good; refreshes it once when it is not.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/expire',
    call: 'accounts.expire',
    summary: 'For testing: the access token counts as expired from now on.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/reset',
    call: 'accounts.reset',
    summary: 'Forgets the tokens and keeps the account.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/connect',
    call: 'connect.start',
    summary: 'Starts a sign-in.',
    body: connectInputSchema,
  },
  { method: 'GET', path: '/v1/flows/{id}', call: 'connect.get', summary: 'How a sign-in is going.', parameters: flow },
  {
    method: 'POST',
    path: '/v1/flows/{id}/cancel',
    call: 'connect.cancel',
    summary: 'Ends a sign-in.',
    parameters: flow,
  },
  {
    method: 'POST',
    path: '/v1/flows/{id}/answer',
    call: 'connect.paste',
    summary: 'Hands over the address that the provider redirected to.',
    parameters: flow,
    body: contract['connect.paste'].input.omit({ flow: true }),
  },
  {
    method: 'POST',
    path: '/v1/flows/{id}/decide',
    call: 'connect.decide',
    summary: 'Decides what happens when somebody else signed in.',
    parameters: flow,
    body: contract['connect.decide'].input.omit({ flow: true }),
  },
  { method: 'GET', path: '/v1/registrations', call: 'registrations.list', summary: 'The OAuth clients.' },
  {
    method: 'POST',
    path: '/v1/registrations',
    call: 'registrations.save',
    summary: 'Makes a registration, or changes the one whose id is given.',
    body: registrationInputSchema,
  },
  {
    method: 'POST',
    path: '/v1/registrations/service-account',
    call: 'registrations.from_service_account',
    summary: 'Makes a registration out of the key file of a service account.',
    body: contract['registrations.from_service_account'].input,
  },
  {
    method: 'DELETE',
    path: '/v1/registrations/{id}',
    call: 'registrations.remove',
    summary: 'Removes a registration.',
    parameters: { id: 'id' },
  },
  {
    method: 'GET',
    path: '/v1/activity',
    call: 'activity.list',
    summary: 'What happened, newest first.',
    query: z.object(activityInputSchema.shape),
    numbers: ['limit', 'before'],
  },
  { method: 'GET', path: '/v1/practice', call: 'practice.get', summary: 'The practice provider.' },
  {
    method: 'PATCH',
    path: '/v1/practice',
    call: 'practice.configure',
    summary: 'Sets how long the practice provider’s access tokens live.',
    body: contract['practice.configure'].input,
  },
  {
    method: 'GET',
    path: '/v1/network/routes',
    call: 'network.routes',
    summary: 'The network routes of single providers: proxy, CA bundle, client certificate.',
  },
  {
    method: 'POST',
    path: '/v1/network/routes',
    call: 'network.save',
    summary: 'Sets how the requests of one provider travel.',
    body: networkRouteInputSchema,
  },
  {
    method: 'DELETE',
    path: '/v1/network/routes/{provider}',
    call: 'network.remove',
    summary: 'Lets the requests of a provider travel as the system does it.',
    parameters: { provider: 'provider_id' },
  },
  {
    method: 'GET',
    path: '/v1/network/endpoint-hosts',
    call: 'network.egress',
    summary: 'The hosts that endpoints of providers may be at; null: any public host.',
  },
  {
    method: 'PATCH',
    path: '/v1/network/endpoint-hosts',
    call: 'network.allow',
    summary: 'Sets the hosts that endpoints of providers may be at.',
    body: egressInputSchema,
  },
  {
    method: 'GET',
    path: '/v1/webhooks/presets',
    call: 'webhooks.presets',
    summary: 'Ready-made settings for senders of webhooks.',
  },
  { method: 'GET', path: '/v1/webhooks', call: 'webhooks.endpoints', summary: 'The webhook endpoints.' },
  {
    method: 'POST',
    path: '/v1/webhooks',
    call: 'webhooks.save',
    summary: 'Makes a webhook endpoint, or changes the one whose id is given.',
    body: webhookEndpointInputSchema,
  },
  {
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    call: 'webhooks.remove',
    summary: 'Removes a webhook endpoint with its deliveries.',
    parameters: { id: 'id' },
  },
  {
    method: 'GET',
    path: '/v1/webhooks/deliveries',
    call: 'webhooks.deliveries',
    summary: 'What webhooks brought, newest first.',
    query: z.object(webhookDeliveriesInputSchema.shape),
    numbers: ['limit'],
  },
  {
    method: 'GET',
    path: '/v1/webhooks/deliveries/{id}',
    call: 'webhooks.delivery',
    summary: 'One delivery with its headers and body.',
    parameters: { id: 'id' },
  },
  {
    method: 'POST',
    path: '/v1/webhooks/deliveries/{id}/redeliver',
    call: 'webhooks.redeliver',
    summary: 'Announces a delivery again.',
    parameters: { id: 'id' },
  },
  {
    method: 'GET',
    path: '/v1/validation',
    call: 'validation.get',
    summary: 'How often accounts are validated by themselves; 0: never.',
  },
  {
    method: 'PATCH',
    path: '/v1/validation',
    call: 'validation.configure',
    summary: 'Sets how often accounts are validated by themselves.',
    body: contract['validation.configure'].input,
  },
  {
    method: 'POST',
    path: '/v1/templates/preview',
    call: 'templates.preview',
    summary: 'Shows what a request of a provider definition comes to; secrets are masked.',
    body: templateInputSchema,
  },
  {
    method: 'POST',
    path: '/v1/templates/dry-run',
    call: 'templates.dry_run',
    summary: 'Sends the same to the practice provider and answers what arrived.',
    body: templateInputSchema,
  },
  {
    method: 'POST',
    path: '/v1/templates/read-answer',
    call: 'templates.read_answer',
    summary: 'Tries an answer mapping on a sample answer.',
    body: answerInputSchema,
  },
  ...recordRoutes,
  ...vaultRoutes,
  ...appRoutes,
  { method: 'POST', path: '/v1/lock', call: 'vault.lock', summary: 'Locks the vault.' },
  {
    method: 'POST',
    path: '/v1/unlock',
    call: 'vault.unlock',
    summary: 'Unlocks the vault.',
    body: contract['vault.unlock'].input,
  },
]
