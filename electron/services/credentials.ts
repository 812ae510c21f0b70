import { LatchkeyError } from '../../shared/errors.ts'
import { decodeJwt, numericDate } from '../oauth/jwt.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import { createDpopSigner, type DpopSigner } from '../signer/dpop.ts'
import { type Credential, type CredentialHeader, credentialFor } from '../signer/sign.ts'
import type { TokenSet } from '../vault/ports.ts'

/** What a signed request carries, chosen by the registration's options. */
export interface CredentialChooser {
  /** Throws reauth_required, invalid_request. */
  choose(accountId: string, settings: ClientSettings, tokens: TokenSet): Promise<Credential>
  /** Forgets the keys. */
  forget(): void
}

/** Where the token goes: the registration's header stands before the provider's (C13). */
export function headerOf({ options, definition }: ClientSettings): CredentialHeader {
  return options?.header ?? definition.api.header
}

/** The parameter of the query that carries the token, where that is its only place and nobody chose a header. */
export function queryParameterOf({
  options,
  definition,
}: Pick<ClientSettings, 'options' | 'definition'>): string | null {
  return options?.header === undefined ? (definition.api.query_parameter ?? null) : null
}

/** An ID token that is attached (C9) ends by its own time, whatever the access token beside it does. */
export function needsNewIdToken({ options }: ClientSettings, tokens: TokenSet, now: number): boolean {
  if (options?.bearer !== 'id_token' || tokens.idToken === null) return false
  const expiresAt = numericDate(decodeJwt(tokens.idToken)?.claims.exp)
  return expiresAt !== null && expiresAt <= now
}

export function createCredentialChooser(): CredentialChooser {
  // The signers remember the APIs' nonces, which saves a second request each time.
  const signers = new Map<string, { key: string; signer: Promise<DpopSigner> }>()

  async function signerFor(accountId: string, key: string | null | undefined): Promise<DpopSigner | null> {
    if (!key) return null
    const known = signers.get(accountId)
    if (known?.key === key) return known.signer
    const signer = createDpopSigner(key)
    signers.set(accountId, { key, signer })
    return signer
  }

  return {
    async choose(accountId, settings, tokens) {
      const header = headerOf(settings)
      const parameter = queryParameterOf(settings)
      const place = (token: string): Credential =>
        parameter === null ? { kind: 'header', header, token } : { kind: 'query', parameter, token }
      if (settings.options?.bearer === 'id_token') {
        if (tokens.idToken !== null) return place(tokens.idToken)
        throw new LatchkeyError(
          'invalid_request',
          'The registration says that the ID token is to be sent, and this account has none.',
          {
            field: 'options.bearer',
            action: { text: 'Add the scope openid and connect again, or send the access token.' },
          },
        )
      }
      const signer = tokens.tokenType === 'DPoP' ? await signerFor(accountId, settings.dpopKey) : null
      const credential = credentialFor({ tokenType: tokens.tokenType, token: tokens.accessToken }, header, signer)
      // A token that is bound to a key goes with its proof, in headers, or not at all (RFC 9449 7.1).
      return credential.kind === 'header' ? place(credential.token) : credential
    },
    forget: () => signers.clear(),
  }
}
