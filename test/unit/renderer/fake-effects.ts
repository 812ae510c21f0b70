import type { Effects, LifecycleAction } from '../../../shared/contract-records.ts'
import type { Account, Registration } from '../../../shared/models.ts'

/** What an action would touch, as the host says it. */
export function effectsOf(action: LifecycleAction, accounts: Account[], registration: Registration | null): Effects {
  const tokens = accounts.filter((it) => it.token !== null).length
  const who = accounts.length === 1 ? (accounts[0]?.alias ?? '') : `${accounts.length} accounts`
  const forgets = action === 'reset' || action === 'remove' || action === 'revoke'
  const sentences: Record<LifecycleAction, string[]> = {
    enable: [`${who} can be used again, just as before.`],
    disable: [
      `Nothing can use ${who}, and nobody can sign in to it again.`,
      'Tokens are kept. Enabling brings everything back as it was.',
    ],
    reset: [`The tokens of ${who} are forgotten. The next use needs a sign-in.`, 'The tokens cannot be brought back.'],
    revoke: ['The provider is told to end the grant.', 'The tokens cannot be brought back.'],
    remove: [`${who} is removed with everything that is kept about it.`, 'This cannot be undone.'],
  }
  return {
    action,
    registration: registration && { id: registration.id, name: registration.name },
    accounts: accounts.map(({ id, alias, token }) => ({ id, alias, has_tokens: token !== null })),
    tokens_forgotten: forgets ? tokens : 0,
    sign_ins_cancelled: 0,
    activity_entries: 12,
    provider_told: action === 'revoke' || action === 'remove' ? 'yes' : 'no',
    undo: action === 'enable' || action === 'disable',
    sentences: [...(sentences[action] ?? []), 'What happened stays in the activity.'],
  }
}
