import type { CheckedInput, RegistrationInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Registration } from '../../shared/models.ts'
import type { DynamicRegistration } from '../oauth/dynamic-registration.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import { providerView } from '../providers/view.ts'
import type { NetworkRouteService } from './network-routes.ts'
import type { Caller } from './ports.ts'
import { checkVariables } from './registration-check.ts'
import type { RegistrationService } from './registrations.ts'
import { splitScopes } from './scopes.ts'

/** Registers a client at a provider by itself (RFC 7591), where the provider offers that. */
export interface ClientRegistrar {
  /** Throws `invalid_request` with the field, provider_error, provider_unreachable, locked. */
  register(input: CheckedInput<'registrations.register'>, caller: Caller): Promise<Registration>
}

interface Parts {
  catalogue: Catalogue
  registrations: Pick<RegistrationService, 'save'>
  routes: Pick<NetworkRouteService, 'forProvider'>
  registerClient: DynamicRegistration
  clock: Clock
}

const patience = 30_000

/** Grants that a client can say it wants (RFC 7591 2), under the names of the standards. */
const grantTypes: Record<string, string> = {
  authorization_code: 'authorization_code',
  client_credentials: 'client_credentials',
  device_code: 'urn:ietf:params:oauth:grant-type:device_code',
  password: 'password',
  jwt_bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  token_exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  without_code: 'implicit',
}

export function createClientRegistrar(parts: Parts): ClientRegistrar {
  return {
    async register(input, caller) {
      const definition = parts.catalogue.get(input.provider_id)
      if (definition.client === 'built_in') {
        throw invalid('provider_id', `Latchkey brings its own client for the ${definition.name}.`)
      }
      const variables = checkVariables(input.variables, definition)
      const usual = definition.scopes.filter((scope) => scope.default).map(({ name }) => name)
      const scopes = input.scopes === undefined ? usual : splitScopes(input.scopes, 'scopes')
      const [grant = 'authorization_code'] = definition.grants ?? []
      const redirectUri = providerView(definition).redirect_uri
      const made = await parts.registerClient({
        definition,
        variables,
        metadata: {
          client_name: input.name,
          application_type: 'native',
          redirect_uris: [redirectUri],
          grant_types: [grantTypes[grant] ?? grant, ...(grant === 'authorization_code' ? ['refresh_token'] : [])],
          response_types: grant === 'authorization_code' ? ['code'] : grant === 'without_code' ? ['token'] : [],
          token_endpoint_auth_method: wantedMethod(definition),
          ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
        },
        initialAccessToken: input.initial_access_token?.trim() || null,
        route: parts.routes.forProvider(definition, variables),
        signal: caller.signal
          ? AbortSignal.any([caller.signal, AbortSignal.timeout(patience)])
          : AbortSignal.timeout(patience),
      })
      return parts.registrations.save(
        {
          provider_id: definition.id,
          name: input.name,
          description: describe(parts.clock.now(), seconds(made.client_secret_expires_at)),
          client_id: made.client_id,
          ...(made.client_secret === undefined ? {} : { client_secret: made.client_secret }),
          client_authentication: methodOf(text(made.token_endpoint_auth_method), made.client_secret, definition),
          scopes,
          variables,
          extra_hosts: [],
          fallback_expiry: null,
        },
        caller,
      )
    },
  }
}

/** A key or certificate would have to be at hand before; a client on this computer keeps no secret (RFC 8252 8.5). */
function wantedMethod({ name, client_authentication: methods }: Definition): string {
  const possible = methods.filter((method) => method === 'none' || method.startsWith('client_secret_'))
  const wanted = possible.includes('none') ? 'none' : possible[0]
  if (wanted !== undefined) return wanted
  throw invalid('provider_id', `${name} knows clients by a key or certificate only. Enter the registration by hand.`)
}

/** The provider may have chosen another method than was asked for (RFC 7591 3.2.1); without one it is Basic (2). */
function methodOf(
  told: string | undefined,
  secret: string | undefined,
  { name, client_authentication: methods }: Definition,
): RegistrationInput['client_authentication'] {
  const method = told ?? (secret === undefined ? 'none' : 'client_secret_basic')
  const known = methods.find((it) => it === method)
  if (known !== undefined) return known
  throw new LatchkeyError(
    'provider_error',
    `${name} registered a client that is to use ${method.slice(0, 60)}, which its definition does not name.`,
    {
      action: { text: `Add ${method.slice(0, 60)} to client_authentication in the definition, then register again.` },
    },
  )
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const seconds = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined)

function describe(now: number, secretEnds: number | undefined): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const made = `Registered by Latchkey on ${day(now)} (RFC 7591).`
  // 0: it does not end (RFC 7591 3.2.1).
  return secretEnds ? `${made} The provider lets its client secret end on ${day(secretEnds * 1000)}.` : made
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
