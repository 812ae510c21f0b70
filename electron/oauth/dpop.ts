import {
  type Configuration,
  type DPoPHandle,
  getDPoPHandle,
  randomDPoPKeyPair,
  type ServerMetadata,
} from 'openid-client'
import { isJsonObject } from './jwt.ts'
import { jwsParameters } from './key-material.ts'
import type { ClientSettings } from './ports.ts'

/** What Latchkey makes DPoP keys for, the best understood first. */
const preferred = ['ES256', 'Ed25519', 'PS256', 'RS256']

/**
 * Whether tokens of this client are to be bound to a key (RFC 9449). A server that merely says that it could do so is not
 * taken at its word: its APIs would have to understand such tokens too.
 */
export function wantsDpop({ options, definition }: ClientSettings): boolean {
  return options?.dpop ?? definition.dpop !== undefined
}

/** Whether a token that is not bound is to be refused: the person or the provider's definition insists on it. */
export function insistsOnDpop({ options, definition }: ClientSettings): boolean {
  return definition.dpop === 'required' || options?.dpop === true
}

/** A new key for one account as a private JWK in JSON, of a kind that the server takes (RFC 9449 5.1). */
export async function newDpopKey(server: Pick<ServerMetadata, 'dpop_signing_alg_values_supported'>): Promise<string> {
  const supported = server.dpop_signing_alg_values_supported
  const algorithm = preferred.find((it) => supported?.includes(it) ?? true) ?? 'ES256'
  const { privateKey } = await randomDPoPKeyPair(algorithm, { extractable: true })
  return JSON.stringify({ ...(await crypto.subtle.exportKey('jwk', privateKey)), alg: algorithm })
}

/** The key pair in a JWK made by `newDpopKey`. Only the public key can be taken out again, as every proof shows it. */
export async function dpopKeyPair(text: string): Promise<CryptoKeyPair> {
  const jwk: unknown = JSON.parse(text)
  if (!isJsonObject(jwk) || typeof jwk.alg !== 'string') throw new Error('A DPoP key is not what was stored.')
  const parameters = jwsParameters(jwk.alg)
  const { alg: _alg, key_ops: _operations, ext: _extractable, ...privateJwk } = jwk
  const { kty, crv, x, y, n, e } = privateJwk
  const publicJwk = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  )
  return {
    privateKey: await crypto.subtle.importKey('jwk', privateJwk, parameters, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, parameters, true, ['verify']),
  }
}

/** What openid-client makes proofs with, and keeps the server's nonces in. Absent without a key. */
export async function dpopHandle(
  config: Configuration,
  key: string | null | undefined,
): Promise<DPoPHandle | undefined> {
  return key ? getDPoPHandle(config, await dpopKeyPair(key)) : undefined
}

/** The same as the options of a request of openid-client's. */
export async function dpopOptions(
  config: Configuration,
  key: string | null | undefined,
): Promise<{ DPoP?: DPoPHandle }> {
  const DPoP = await dpopHandle(config, key)
  return DPoP ? { DPoP } : {}
}
