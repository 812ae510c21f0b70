import type { Input } from '../../../shared/contract.ts'
import type { Account, AppInfo, Grant, Provider, Registration, Via } from '../../../shared/models.ts'

export type Step = 'provider' | 'registration' | 'approve' | 'progress'

/** What has been chosen so far. */
export interface Draft {
  provider: Provider | null
  registration: Registration | null
  account: Account | null
}

/** What the person chose on the last step. Nothing secret: user name and password stay in their fields. */
export interface Choice {
  scopes: string[]
  via: Via
  alias: string
  /** Absent where there is only one. */
  grant?: Grant
  /** `jwt_bearer` */
  subject?: string
  /** `token_exchange`: an account's id. */
  subject_account?: string
}

/** Those grants send the person to a page that leads back here. */
export const byRedirect = (grant: Grant): boolean => grant === 'authorization_code' || grant === 'without_code'

/** The grants that are possible with this registration; the usual one first. */
export function grantsOf({ provider, registration, account }: Draft): Grant[] {
  const possible = (provider?.grants ?? []) as Grant[]
  const usual = [account?.grant, registration?.options.grant, possible[0]].find((it) =>
    possible.some((grant) => grant === it),
  ) as Grant | undefined
  if (usual === undefined) return ['authorization_code']
  const fits = (grant: Grant) => {
    // RFC 6749 4.4: confidential clients alone. RFC 7523: something has to sign.
    if (grant === 'client_credentials') return registration !== null && registration.client_authentication !== 'none'
    if (grant === 'jwt_bearer') return registration?.has_private_key ?? false
    return true
  }
  return [usual, ...possible.filter((grant) => grant !== usual && fits(grant))]
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

export function startInput({ provider, registration, account }: Draft, choice: Choice): Input<'connect.start'> {
  const { scopes, via, grant = 'authorization_code', subject = '', subject_account } = choice
  const alias = choice.alias.trim()
  const how = {
    scopes,
    ...(byRedirect(grant) ? { via } : {}),
    ...(choice.grant ? { grant } : {}),
    ...(grant === 'jwt_bearer' && subject.trim() !== '' ? { subject: subject.trim() } : {}),
    ...(grant === 'token_exchange' && subject_account ? { subject_account } : {}),
  }
  if (account) return { account: account.id, ...how }
  const named = alias === '' ? {} : { alias }
  if (registration) return { registration: registration.id, ...how, ...named }
  return { provider: provider?.id ?? '', ...how, ...named }
}
