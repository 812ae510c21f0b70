import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type { JWK } from 'oidc-provider'
import type { RecordStore } from '../../vault/ports.ts'

const kind = 'practice.keys'

/**
 * The provider's own keys, made once and kept in the vault's records: an RSA key that signs ID tokens (RS256, which every
 * OpenID Connect client understands; Core 15.1) and what signs its cookies.
 */
export async function loadKeys(records: RecordStore): Promise<{ jwk: JWK; cookieKey: string }> {
  let jwk = records.get(kind, 'signing')
  if (jwk === null) {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
    const kid = randomBytes(8).toString('hex')
    jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' })
    records.put(kind, 'signing', jwk, null)
  }
  let cookieKey = records.get(kind, 'cookies')
  if (cookieKey === null) {
    cookieKey = randomBytes(32).toString('base64url')
    records.put(kind, 'cookies', cookieKey, null)
  }
  return { jwk: JSON.parse(jwk), cookieKey }
}
