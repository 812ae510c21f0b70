import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { importSigningKey, signingAlgorithms } from './key-material.ts'
import { type ClientSettings, FlowError } from './ports.ts'

/** Seconds. Google accepts an hour; an assertion is used within moments of its making. */
const lifetime = 300

/**
 * A JWT bearer assertion (RFC 7523 3), signed with the registration's private key, by RS256 or ES256 as the key is, or
 * by the algorithm that the registration names. The scopes stand in it too, where Google looks for them.
 *
 * @param facts.now Milliseconds since 1970, by the server's clock as far as it is known.
 * @throws FlowError `invalid_client`: there is no key, or not one that can sign this.
 */
export async function signAssertion(
  { clientId, options, credentials, definition }: ClientSettings,
  facts: { tokenEndpoint: string; subject: string | null; scopes: string[]; now: number },
): Promise<string> {
  const pem = credentials?.privateKey
  if (!pem) {
    throw new FlowError(
      'invalid_client',
      `This registration has no private key, and ${definition.name} is to be asked with a signed assertion.`,
      'Add the private key to the registration, or drop the key file of the service account on the page.',
    )
  }
  const { assertion, keyId } = options ?? {}
  const algorithm = chooseAlgorithm(pem, options?.signingAlgorithm)
  const issuer = assertion?.issuer ?? clientId
  const subject = facts.subject ?? assertion?.subject ?? issuer
  const issuedAt = Math.floor(facts.now / 1000)
  const scope = facts.scopes.join(definition.scope_separator)
  const jwt = new SignJWT(scope === '' ? {} : { scope })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })
    .setIssuer(issuer)
    .setAudience(assertion?.audience ?? facts.tokenEndpoint)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
    .setJti(randomUUID())
  if (subject !== '') jwt.setSubject(subject)
  return jwt.sign(await importSigningKey(pem, algorithm))
}

/** Whom an assertion is about: the account belongs to them. */
export function assertionSubject({ clientId, options }: ClientSettings, subject: string | null): string {
  return subject ?? (options?.assertion?.subject || options?.assertion?.issuer || clientId)
}

function chooseAlgorithm(pem: string, chosen: string | undefined): string {
  const possible = signingAlgorithms(pem)
  const algorithm = chosen === undefined ? possible[0] : possible.find((it) => it === chosen)
  if (algorithm !== undefined) return algorithm
  throw new FlowError(
    'invalid_client',
    `The private key of this registration cannot sign${chosen === undefined ? '' : ` by ${chosen}`}.`,
    'Choose another algorithm in the registration, or add a key of the right kind: RSA, or an elliptic curve.',
  )
}
