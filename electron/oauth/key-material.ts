import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import { LatchkeyError } from '../../shared/errors.ts'
import type { RegistrationCredentials } from '../vault/ports.ts'
import { isJsonObject } from './jwt.ts'
import { unpackPkcs12 } from './pkcs12.ts'

/** What a person hands over: a PEM text, a JWK as JSON, or the bytes of a PKCS#12 file, and its passphrase if it has one. */
export interface KeyFile {
  content: string | Uint8Array
  passphrase?: string
}

/**
 * A private key, and the certificates that came with it, as the PEM texts that are stored: PKCS#8 and X.509 (RFC 7468).
 * Reads PEM (PKCS#8, PKCS#1, SEC 1, encrypted or not), JWK (RFC 7517) and PKCS#12 (RFC 7292).
 *
 * @throws LatchkeyError `invalid_request` with field `private_key` or `passphrase`, and what to do about it.
 */
export async function readKeyMaterial({ content, passphrase }: KeyFile): Promise<RegistrationCredentials> {
  const text = textOf(content)
  if (text === null) return unpackPkcs12(bytesOf(content), passphrase ?? '').then(checked)
  if (text.startsWith('{')) return checked({ privateKey: exportKey(fromJwk(text)) })
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const privateKey = exportKey(fromPem(text, passphrase))
  return checked({ privateKey, ...(certificates.length > 0 ? { certificate: certificates.join('\n') } : {}) })
}

/**
 * Certificates as they are stored, the client's own first. Throws `invalid_request` with field `certificate` for what is
 * none, or does not belong to `privateKey` (PEM): a server would only say that the handshake failed.
 */
export function readCertificate(content: string, privateKey: string | null): string {
  const chain = content.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const [own] = chain
  const certificate = own === undefined ? null : parseCertificate(own)
  if (certificate === null) {
    throw invalid('certificate', 'This is not a certificate. It has to begin with -----BEGIN CERTIFICATE-----.')
  }
  if (privateKey !== null && !certificate.checkPrivateKey(createPrivateKey(privateKey))) {
    throw invalid('certificate', 'This certificate does not belong to the private key.')
  }
  return chain.join('\n')
}

/** A text begins with a PEM header or a brace; anything else is taken for the bytes of a PKCS#12 file, or its base64. */
function textOf(content: string | Uint8Array): string | null {
  const text = (typeof content === 'string' ? content : Buffer.from(content).toString('utf8')).trim()
  return text.startsWith('{') || text.includes('-----BEGIN ') ? text : null
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'base64') : content
}

function fromJwk(text: string): KeyObject {
  try {
    const jwk: unknown = JSON.parse(text)
    // A set with one key in it is what some consoles hand out (RFC 7517 5).
    const list = isJsonObject(jwk) && Array.isArray(jwk.keys) ? jwk.keys : [jwk]
    const key: unknown = list.find((it) => isJsonObject(it) && typeof it.d === 'string')
    if (isJsonObject(key)) return createPrivateKey({ key: key as JsonWebKey, format: 'jwk' })
  } catch {
    // Said below: what the library says may repeat the key.
  }
  throw invalid('private_key', 'This is JSON, but not a private key as a JWK: it needs the members kty and d.')
}

function fromPem(text: string, passphrase: string | undefined): KeyObject {
  const block = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/.exec(text)?.[0]
  if (block === undefined) {
    throw invalid('private_key', 'There is no private key in this text. It has to hold -----BEGIN PRIVATE KEY-----.')
  }
  const encrypted = block.includes('ENCRYPTED')
  if (encrypted && !passphrase) throw invalid('passphrase', 'This private key is encrypted: give its passphrase.')
  try {
    return createPrivateKey({ key: block, format: 'pem', ...(encrypted ? { passphrase } : {}) })
  } catch {
    if (encrypted) throw invalid('passphrase', 'The passphrase does not open this private key.')
    throw invalid('private_key', 'This private key is damaged, or of a kind that Latchkey cannot read.')
  }
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Refuses keys that would be refused, or broken, at the other end (RFC 7518 3.3: RSA keys have 2048 bits or more). */
function checked(credentials: RegistrationCredentials): RegistrationCredentials {
  const { privateKey, certificate } = credentials
  if (privateKey === undefined) {
    throw invalid('private_key', 'This file holds no private key.')
  }
  const key = createPrivateKey(privateKey)
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < 2048) {
    throw invalid('private_key', `This RSA key has ${bits} bits. At least 2048 are needed (RFC 7518 3.3).`)
  }
  if (certificate === undefined) return { privateKey }
  return { privateKey, certificate: readCertificate(certificate, privateKey) }
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

/** WebCrypto's parameters of the JWS algorithms that a private key can sign with (RFC 7518 3.1, RFC 8037, RFC 9864). */
const rsa = (name: string, bits: number) => ({ name, hash: `SHA-${bits}` })
const algorithms: Record<
  string,
  { kind: string; curve?: string; parameters: RsaHashedImportParams | EcKeyImportParams | { name: string } }
> = {
  RS256: { kind: 'rsa', parameters: rsa('RSASSA-PKCS1-v1_5', 256) },
  RS384: { kind: 'rsa', parameters: rsa('RSASSA-PKCS1-v1_5', 384) },
  RS512: { kind: 'rsa', parameters: rsa('RSASSA-PKCS1-v1_5', 512) },
  PS256: { kind: 'rsa', parameters: rsa('RSA-PSS', 256) },
  PS384: { kind: 'rsa', parameters: rsa('RSA-PSS', 384) },
  PS512: { kind: 'rsa', parameters: rsa('RSA-PSS', 512) },
  ES256: { kind: 'ec', curve: 'prime256v1', parameters: { name: 'ECDSA', namedCurve: 'P-256' } },
  ES384: { kind: 'ec', curve: 'secp384r1', parameters: { name: 'ECDSA', namedCurve: 'P-384' } },
  ES512: { kind: 'ec', curve: 'secp521r1', parameters: { name: 'ECDSA', namedCurve: 'P-521' } },
  Ed25519: { kind: 'ed25519', parameters: { name: 'Ed25519' } },
  EdDSA: { kind: 'ed25519', parameters: { name: 'Ed25519' } },
}

/** The JWS algorithms that this key can sign with, the usual one first. */
export function signingAlgorithms(pem: string): string[] {
  const key = createPublicKey(pem)
  const curve = key.asymmetricKeyDetails?.namedCurve
  return Object.entries(algorithms)
    .filter(([, it]) => it.kind === key.asymmetricKeyType && (it.curve === undefined || it.curve === curve))
    .map(([name]) => name)
}

/** WebCrypto's parameters of a JWS algorithm. Throws `invalid_request` for one that no private key signs with. */
export function jwsParameters(algorithm: string): RsaHashedImportParams | EcKeyImportParams | { name: string } {
  const known = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined
  if (known !== undefined) return known.parameters
  throw invalid('options.signingAlgorithm', `${algorithm} is no algorithm of a private key.`)
}

/** A stored private key for one algorithm of `signingAlgorithms`, not to be taken out again. */
export function importSigningKey(pem: string, algorithm: string): Promise<CryptoKey> {
  const parameters = jwsParameters(algorithm)
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), parameters, false, ['sign'])
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
