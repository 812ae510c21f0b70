import { onTestFinished } from 'vitest'
import { keyringSession, type Session } from '../../e2e/support/session-keyring.ts'
import { freshFolder } from '../../unit/vault/support.ts'

export { hasKeyring, type Session } from '../../e2e/support/session-keyring.ts'

/** A real keyring for one test, which ends with it. */
export function newSession(): Promise<Session> {
  return keyringSession(freshFolder(), (end) => {
    onTestFinished(async () => {
      await end()
    })
  })
}
