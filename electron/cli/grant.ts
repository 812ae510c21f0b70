import type { Ask, PermissionInput, Want } from '../../shared/contract-apps.ts'
import type { Right } from '../../shared/standards.ts'
import { UsageError } from './errors.ts'
import { narrowed, type PermissionOptions } from './permissions.ts'
import { line } from './text.ts'

/** Granted only when they are named: a token can be sent anywhere, and `manage` can end an account. */
export const neverByDefault: readonly Right[] = ['token', 'manage']

export interface Grant {
  permissions: PermissionInput[]
  /** Wanted, and not granted because nobody named them. */
  withheld: Right[]
}

/**
 * What approving a program's ask grants. Without options it is what was wanted, except `token` and `manage`. Rights that
 * are named take the place of the wanted ones; without named accounts they go only where they were wanted.
 *
 * @param accounts The ids of the accounts that were named; empty: the ones that were wanted.
 * @throws UsageError where the person has to say more.
 */
export function grantFor(ask: Pick<Ask, 'wants'>, accounts: string[], options: PermissionOptions): Grant {
  const withheld = new Set<Right>()
  const rightsOf = (want: Want): Right[] => {
    for (const it of want.rights) if (!options.right && neverByDefault.includes(it)) withheld.add(it)
    return want.rights.filter((it) => !withheld.has(it))
  }
  const permissions =
    accounts.length === 0 ? asWanted(ask.wants, options, rightsOf) : named(ask.wants, accounts, options, rightsOf)
  if (permissions.length === 0 && withheld.size > 0) {
    throw new UsageError(
      `It wants ${[...withheld].join(' and ')}, which is granted only when it is named: --right ${[...withheld].join(' --right ')}`,
    )
  }
  return { permissions, withheld: [...withheld] }
}

type RightsOf = (want: Want) => Right[]

function asWanted(wants: Want[], options: PermissionOptions, rightsOf: RightsOf): PermissionInput[] {
  const unwanted = (options.right ?? []).filter((right) => !wants.some((want) => want.rights.includes(right)))
  if (unwanted.length > 0) {
    throw new UsageError(`It did not ask for ${unwanted.join(' or ')}. Name the account as well: --account ACCOUNT`)
  }
  const permissions: PermissionInput[] = []
  for (const want of wants) {
    const right = options.right ? options.right.filter((it) => want.rights.includes(it)) : rightsOf(want)
    if (right.length === 0) continue
    permissions.push(narrowed(want, accountOf(want, right), { ...options, right }))
  }
  if (wants.length === 0 && anyOf(options)) {
    throw new UsageError('It asks for no account. Name one: --account ACCOUNT --right RIGHT')
  }
  return permissions
}

/** null is for what it connects itself, which is possible only where it may connect. */
function accountOf(want: Want, right: Right[]): string | null {
  if (want.account_id !== null) return want.account_id
  if (want.account === null && right.includes('connect')) return null
  const what =
    want.account === null ? 'It names no account' : `It wants “${line(want.account)}”, which is not one account`
  throw new UsageError(`${what}. Name the one that you mean: --account ACCOUNT`)
}

function named(wants: Want[], accounts: string[], options: PermissionOptions, rightsOf: RightsOf): PermissionInput[] {
  return accounts.flatMap((account) => {
    const own = wants.filter((it) => it.account_id === account)
    const open = wants.filter((it) => it.account_id === null)
    const [meant] = [own, open, wants].filter((it) => it.length > 0)
    if (meant === undefined) return [narrowed({ rights: [] }, account, options)]
    return meant.flatMap((want) => {
      const right = options.right ?? rightsOf(want)
      return right.length === 0 ? [] : [narrowed(want, account, { ...options, right })]
    })
  })
}

const anyOf = (options: PermissionOptions) =>
  Object.values(options).some((it) => it !== undefined && (!Array.isArray(it) || it.length > 0))
