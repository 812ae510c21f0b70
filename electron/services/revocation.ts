import type { ClientSettings, OAuth } from '../oauth/ports.ts'
import type { Logger } from '../platform/ports.ts'
import type { TokenSet } from '../vault/ports.ts'

/** Longer than this nobody should wait for a grant to be ended. */
const limit = 15_000

/**
 * Ends a grant at its provider as well as can be (RFC 7009): a provider that is down, or has no such endpoint, keeps
 * nobody from removing an account. Resolves to whether the provider did it; never rejects.
 */
export async function revokeIfPossible(
  { oauth, logger }: { oauth: Pick<OAuth, 'revoke'>; logger: Logger },
  settings: () => Promise<ClientSettings> | ClientSettings,
  tokens: TokenSet,
): Promise<boolean> {
  try {
    return await oauth.revoke(await settings(), tokens, { signal: AbortSignal.timeout(limit) })
  } catch (error) {
    logger.warn('a grant could not be revoked at its provider', {
      error: error instanceof Error ? error.name : typeof error,
      code: error instanceof Error && 'code' in error ? String(error.code) : null,
    })
    return false
  }
}
