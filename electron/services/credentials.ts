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
      if (settings.options?.bearer === 'id_token') {
        if (tokens.idToken !== null) return { kind: 'header', header, token: tokens.idToken }
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
      return credentialFor({ tokenType: tokens.tokenType, token: tokens.accessToken }, header, signer)
    },
    forget: () => signers.clear(),
  }
}
