import type { Input } from '../../../shared/contract.ts'
import type { Account, AppInfo, Provider, Registration, Via } from '../../../shared/models.ts'

export type Step = 'provider' | 'registration' | 'approve' | 'progress'

/** What has been chosen so far. */
export interface Draft {
  provider: Provider | null
  registration: Registration | null
  account: Account | null
}

/** Scopes as people write them, with spaces or commas, each once. */
export function splitList(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((part) => part !== ''))]
}

/** The scopes that are ticked at first: the account's, else the registration's, else the provider's defaults. */
export function firstScopes({ provider, registration, account }: Draft): string[] {
  if (account) return account.scopes_requested
  if (registration && registration.scopes.length > 0) return registration.scopes
  return (provider?.scopes ?? []).filter((scope) => scope.default).map((scope) => scope.name)
}

/** Where the person can sign in here, the best first. A window is not offered where the provider refuses it. */
export function places(provider: Provider, host: AppInfo['host']): Via[] {
  const { via, reason } = provider.sign_in
  if (host === 'headless') return ['browser', 'paste']
  if (via === 'window') return ['window', 'browser', 'paste']
  return reason === null ? ['browser', 'window', 'paste'] : ['browser', 'paste']
}

/** The steps that this sign-in takes, for the count in the head of the sheet. */
export function stepsOf(draft: Draft, chooseProvider: boolean): Step[] {
  if (draft.account) return ['approve']
  const middle: Step[] = draft.provider?.needs_registration === false ? [] : ['registration']
  return [...(chooseProvider ? (['provider'] as const) : []), ...middle, 'approve']
}

export function startInput(
  { provider, registration, account }: Draft,
  choice: { scopes: string[]; via: Via; alias: string },
): Input<'connect.start'> {
  const { scopes, via } = choice
  const alias = choice.alias.trim()
  if (account) return { account: account.id, scopes, via }
  const named = alias === '' ? {} : { alias }
  if (registration) return { registration: registration.id, scopes, via, ...named }
  return { provider: provider?.id ?? '', scopes, via, ...named }
}
