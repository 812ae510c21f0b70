import { createRemoteJWKSet, customFetch, errors, jwtVerify, type RemoteJWKSet } from 'jose'
import type { WebhookVerification } from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { isLoopbackHost } from '../../platform/network-route.ts'
import type { Clock, Network, Route } from '../../platform/ports.ts'
import type { Delivery } from './arrival.ts'
import type { Verdict } from './verify.ts'

type Jwt = Extract<WebhookVerification, { kind: 'jwt' }>

export interface JwtVerifier {
  verify(settings: Jwt, delivery: Delivery): Promise<Verdict>
}

/** Signatures with a public key alone: an HMAC would make the issuer's public keys into secrets (RFC 8725 2.1). */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** Seconds that the clocks may differ. */
const clockTolerance = 60

/**
 * JWTs of a sender (RFC 7519) against its key set (RFC 7517), on jose, which keeps the keys for ten minutes and asks for
 * them at most once in 30 seconds, whatever key a delivery names.
 */
export function createJwtVerifier(parts: {
  network: Network
  clock: Clock
  /** Hosts that may be asked for keys; null: any. */
  allow: () => readonly string[] | null
}): JwtVerifier {
  const sets = new Map<string, RemoteJWKSet>()

  function keysAt(uri: string): RemoteJWKSet {
    const known = sets.get(uri)
    if (known !== undefined) return known
    const url = new URL(uri)
    const fetch = (target: string, init: RequestInit) => {
      const route: Route = { privateNetwork: false, loopback: isLoopbackHost(url), allow: parts.allow() }
      return parts.network.fetch(target, init, route)
    }
    const made = createRemoteJWKSet(url, { [customFetch]: fetch })
    sets.set(uri, made)
    return made
  }

  return {
    async verify(settings, delivery) {
      const header = delivery.headers[settings.header.toLowerCase()]
      if (header === undefined) return { good: false, reason: `It has no ${settings.header} header.` }
      if (!header.startsWith(settings.prefix))
        return { good: false, reason: `Its ${settings.header} header is no JWT.` }
      try {
        const { payload } = await jwtVerify(header.slice(settings.prefix.length), keysAt(settings.jwks_uri), {
          algorithms,
          issuer: settings.issuer,
          audience: settings.audience,
          requiredClaims: ['exp'],
          clockTolerance,
          currentDate: new Date(parts.clock.now()),
        })
        const wrong = Object.keys(settings.claims).find((name) => payload[name] !== settings.claims[name])
        if (wrong !== undefined) return { good: false, reason: `The claim ${wrong} of its JWT has another value.` }
        return { good: true, covers: 'sender', timestamp: null }
      } catch (error) {
        return { good: false, reason: reasonOf(error) }
      }
    },
  }
}

/** @throws LatchkeyError when it is not the delivery that is to blame: the sender shall try again. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Its JWT has expired.'
  if (error instanceof errors.JWTClaimValidationFailed) return `The claim ${error.claim} of its JWT does not fit.`
  if (error instanceof errors.JWKSNoMatchingKey) return 'Its JWT is signed with a key that its issuer does not publish.'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature of its JWT does not fit.'
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'Its JWT is signed with an algorithm that is not taken.'
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'What it brings is no JWT.'
  if (error instanceof LatchkeyError) throw error
  throw new LatchkeyError('provider_unreachable', 'The keys of the sender could not be had.', {}, error)
}
