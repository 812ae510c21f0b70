import {
  allowInsecureRequests,
  type ClientMetadata,
  customFetch,
  dynamicClientRegistration,
  type ServerMetadata,
} from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network, Route } from '../platform/ports.ts'
import type { Definition } from '../providers/definition.ts'
import { fillOptionalTemplate } from '../providers/template.ts'
import { createExchange } from './exchange.ts'
import { toFlowError } from './flow-failure.ts'
import { FlowError } from './ports.ts'

export interface RegistrationRequest {
  definition: Definition
  variables: Record<string, string>
  /** What the client wants to be (RFC 7591 2). */
  metadata: Partial<ClientMetadata>
  initialAccessToken: string | null
  route: Route
  signal: AbortSignal
}

/** Registers a client (RFC 7591 3.1) and answers what the provider made of it (3.2.1). Holds a secret: memory only. */
export type DynamicRegistration = (request: RegistrationRequest) => Promise<ClientMetadata>

/**
 * Throws `invalid_request` with field `provider_id` when the provider does not offer it, `provider_error` when it refuses,
 * and what the network throws.
 */
export function createDynamicRegistration(parts: { network: Network; clock: Clock }): DynamicRegistration {
  return async ({ definition, variables, metadata, initialAccessToken, route, signal }) => {
    const { fetch } = createExchange({ ...parts, signal, route })
    const known = writtenDown(definition, variables)
    const issuer = known?.issuer ?? fillOptionalTemplate(definition.issuer, variables, `issuer of ${definition.name}`)
    if (issuer === null || (known !== null && known.registration_endpoint === undefined)) throw notOffered(definition)
    try {
      const config = await dynamicClientRegistration(new URL(issuer), metadata, undefined, {
        algorithm: definition.discovery ?? 'oidc',
        execute: [issuer, known?.registration_endpoint].some((url) => url?.startsWith('http:'))
          ? [allowInsecureRequests]
          : [],
        ...(initialAccessToken === null ? {} : { initialAccessToken }),
        [customFetch]: async (url, options) => {
          if (options.method !== 'GET') return fetch(url, options)
          // The library always asks for a document. Where the endpoints are written down, this is the document.
          if (known !== null) return Response.json(known)
          const answer = await fetch(url, options)
          const document: unknown = answer.ok
            ? await answer
                .clone()
                .json()
                .catch(() => null)
            : null
          if (typeof document === 'object' && document !== null && !('registration_endpoint' in document)) {
            throw notOffered(definition)
          }
          return answer
        },
      })
      return config.clientMetadata()
    } catch (error) {
      const failure = toFlowError(error, { providerName: definition.name, signal, secrets: [initialAccessToken] })
      if (!(failure instanceof FlowError)) throw failure
      const code = failure.failure === 'provider_unreachable' ? 'provider_unreachable' : 'provider_error'
      throw new LatchkeyError(code, `No client was registered. ${failure.message}`, {
        action: { text: 'Register a client on the page of the provider and enter its client ID.' },
      })
    }
  }
}

function writtenDown(
  { name, issuer, endpoints }: Definition,
  variables: Record<string, string>,
): (ServerMetadata & { issuer: string }) | null {
  if (!endpoints) return null
  const fill = (template: string | undefined) => fillOptionalTemplate(template, variables, `endpoints of ${name}`)
  const [token, registration] = [fill(endpoints.token), fill(endpoints.registration)]
  if (token === null) return null
  return {
    issuer: fill(issuer) ?? new URL(token).origin,
    token_endpoint: token,
    ...(registration === null ? {} : { registration_endpoint: registration }),
  }
}

function notOffered({ name }: Definition): LatchkeyError {
  return new LatchkeyError('invalid_request', `${name} does not let programs register a client (RFC 7591).`, {
    field: 'provider_id',
    action: { text: 'Register a client on the page of the provider and enter its client ID.' },
  })
}
