import { z } from 'zod'
import { contract } from '../../shared/contract.ts'
import { recordMethods } from '../../shared/contract-records.ts'
import type { Route } from './routes.ts'

const account = { account: 'account' }
const id = { id: 'id' }
const definition = recordMethods['providers.save'].input.shape.definition
const effects = z.object({ action: recordMethods['accounts.effects'].input.shape.action })

/** Providers and registrations as records, and the lifecycle of registrations and accounts. */
export const recordRoutes: Route[] = [
  {
    method: 'POST',
    path: '/v1/providers',
    call: 'providers.save',
    summary: 'Makes a provider of the definition that is sent, or changes the one whose id it has.',
    body: definition,
    bodyAs: 'definition',
  },
  {
    method: 'POST',
    path: '/v1/providers/check',
    call: 'providers.check',
    summary: 'Says what saving this definition would say, and saves nothing.',
    body: definition,
    bodyAs: 'definition',
  },
  {
    method: 'POST',
    path: '/v1/providers/discover',
    call: 'providers.discover',
    summary: 'A draft of a definition from an issuer’s metadata. Saves nothing.',
    body: contract['providers.discover'].input,
  },
  {
    method: 'POST',
    path: '/v1/providers/export',
    call: 'providers.export',
    summary: 'Providers, and registrations when they are asked for, as a file.',
    body: contract['providers.export'].input,
  },
  {
    method: 'POST',
    path: '/v1/providers/import',
    call: 'providers.import',
    summary: 'Takes in a file of providers. All of it, or nothing.',
    body: contract['providers.import'].input,
    large: true,
  },
  {
    method: 'GET',
    path: '/v1/providers/{id}',
    call: 'providers.get',
    summary: 'One provider with its whole definition and the registrations that use it.',
    parameters: id,
  },
  {
    method: 'DELETE',
    path: '/v1/providers/{id}',
    call: 'providers.remove',
    summary: 'Removes an own provider; takes the changes of a changed one back.',
    parameters: id,
  },
  {
    method: 'POST',
    path: '/v1/providers/{id}/duplicate',
    call: 'providers.duplicate',
    summary: 'Makes a copy of a provider.',
    parameters: id,
    body: contract['providers.duplicate'].input.omit({ id: true }),
  },
  {
    method: 'POST',
    path: '/v1/registrations/register',
    call: 'registrations.register',
    summary: 'Registers a client at a provider that offers it (RFC 7591).',
    body: contract['registrations.register'].input,
  },
  {
    method: 'POST',
    path: '/v1/registrations/{id}/duplicate',
    call: 'registrations.duplicate',
    summary: 'Makes a copy of a registration, its secrets included.',
    parameters: id,
    body: contract['registrations.duplicate'].input.omit({ id: true }),
  },
  {
    method: 'POST',
    path: '/v1/registrations/{id}/enable',
    call: 'registrations.enable',
    summary: 'Lets a registration and its accounts be used again.',
    parameters: id,
  },
  {
    method: 'POST',
    path: '/v1/registrations/{id}/disable',
    call: 'registrations.disable',
    summary: 'Keeps everything of a registration, and lets nothing of it be used.',
    parameters: id,
  },
  {
    method: 'POST',
    path: '/v1/registrations/{id}/reset',
    call: 'registrations.reset',
    summary: 'Forgets all tokens obtained with a registration, and nothing else.',
    parameters: id,
  },
  {
    method: 'POST',
    path: '/v1/registrations/{id}/revoke',
    call: 'registrations.revoke',
    summary: 'Ends all grants of a registration at the provider, then forgets their tokens.',
    parameters: id,
  },
  {
    method: 'GET',
    path: '/v1/registrations/{id}/effects',
    call: 'registrations.effects',
    summary: 'What an action on a registration would touch.',
    parameters: id,
    query: effects,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/enable',
    call: 'accounts.enable',
    summary: 'Lets an account be used again, just as it was.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/disable',
    call: 'accounts.disable',
    summary: 'Keeps the tokens of an account, and lets nothing use them.',
    parameters: account,
  },
  {
    method: 'POST',
    path: '/v1/accounts/{account}/revoke',
    call: 'accounts.revoke',
    summary: 'Ends the grant at the provider, then forgets the tokens. They are kept when the provider does not do it.',
    parameters: account,
  },
  {
    method: 'GET',
    path: '/v1/accounts/{account}/effects',
    call: 'accounts.effects',
    summary: 'What an action on an account would touch.',
    parameters: account,
    query: effects,
  },
]
