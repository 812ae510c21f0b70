import type { Input, Output } from '../../shared/contract.ts'

type Accounts = Output<'accounts.list'>

/** As many as any screen shows at once; those that need the person are among them. */
export const firstPage = 100
const laterPages = 1000

/** Lists that are only the beginning. */
const beginnings = new WeakSet<Accounts>()

/** True while this list is the first page and the rest is still on its way. */
export const isBeginning = (accounts: Accounts | undefined): boolean =>
  accounts !== undefined && beginnings.has(accounts)

/**
 * All accounts, the first page of them given to `onFirst` as soon as it is here, so that ten thousand appear as fast as
 * a hundred.
 */
export async function loadAccounts(
  list: (page: Input<'accounts.list'>) => Promise<Accounts>,
  onFirst: (first: Accounts) => void,
): Promise<Accounts> {
  const first = await list({ limit: firstPage })
  if (first.length < firstPage) return first
  beginnings.add(first)
  onFirst(first)
  const all = new Map(first.map((account) => [account.id, account]))
  for (let last = first.at(-1); last !== undefined; ) {
    const page = await list({ limit: laterPages, after: last.id })
    // An account whose state changes meanwhile can stand on two pages.
    for (const account of page) all.set(account.id, account)
    last = page.length < laterPages ? undefined : page.at(-1)
  }
  return [...all.values()]
}
