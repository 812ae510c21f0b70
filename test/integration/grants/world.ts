import type { Definition } from '../../../electron/providers/definition.ts'
import type { Grant, RegistrationOptions } from '../../../electron/vault/ports.ts'
import type { Flow } from '../../../shared/models.ts'
import type { AuthorizationServerOptions } from '../../doubles/authorization-server.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { world } from '../connect/world.ts'

export const everyGrant: Grant[] = [
  'authorization_code',
  'device_code',
  'client_credentials',
  'password',
  'jwt_bearer',
  'token_exchange',
]

export interface GrantWorldOptions {
  server?: AuthorizationServerOptions
  definition?: Partial<Definition>
  limits?: { signIn: number; decision: number }
  registration?: { options?: RegistrationOptions; scopes?: string[]; clientId?: string; clientAuthentication?: string }
}

/** The world of the sign-ins with a provider that offers every grant, and a registration to change. */
export async function grantWorld(options: GrantWorldOptions = {}) {
  const clientAuthentication = options.server?.clientAuthentication ?? 'client_secret_post'
  const it = await world({
    server: { ...options.server, clientAuthentication },
    definition: { grants: everyGrant, ...options.definition },
    ...(options.limits ? { limits: options.limits } : {}),
  })
  const registration = it.vault.registrations.get('reg_test')
  if (registration) it.vault.registrations.save({ ...registration, ...options.registration }, undefined)

  /** Starts and waits for the end. */
  async function connectBy(grant: Grant, input: Record<string, unknown> = {}): Promise<Flow> {
    const named = input.account === undefined ? { provider: 'test' } : {}
    return it.settled((await it.start({ ...named, grant, ...input })).id)
  }
  /** The account that came of a flow, as it is kept. */
  function accountOf(flow: Flow) {
    const account = it.vault.accounts.get(flow.account_id ?? '')
    if (!account) throw new Error(`No account came of it: ${flow.failure?.message ?? flow.state}`)
    return account
  }
  const viewOf = (flow: Flow) => it.accounts.view(accountOf(flow))

  /** The person opens the page of a device code, signs in, and allows the access or not. */
  const enterCode = ({ device }: Flow, person: { user: string; consents?: boolean }) =>
    signInAsPerson(device?.verification_uri_complete ?? '', it.server.deviceEnd, person)

  /** Past the end of every token that there is now. */
  const expireTokens = () => it.clock.advance(3601 * 1000)

  return { ...it, connectBy, accountOf, viewOf, enterCode, expireTokens }
}
