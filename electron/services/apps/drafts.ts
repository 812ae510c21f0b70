import { rights as allRights, type PermissionInput } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { coversHost, parseHost } from '../../signer/policy.ts'
import type { AccountRecord } from '../../vault/ports.ts'
import type { Draft } from './approvals.ts'
import { invalid, readHosts, readPathPrefix } from './introduction.ts'
import type { AppParts } from './parts.ts'

type Parts = Pick<AppParts, 'accounts' | 'clock' | 'policyFor'>

/**
 * A permission as the person wrote it, checked: the account is there, its hosts are among those that the account's
 * requests may go to, and it is not over before it begins.
 *
 * @param field Stands before the names of the fields in errors: `permissions.0.`, or nothing.
 * @throws LatchkeyError `invalid_request`, `not_found`, `ambiguous_account`, with the field.
 */
export async function readPermission(parts: Parts, input: PermissionInput, field: string): Promise<Draft> {
  const account = input.account === null ? null : find(parts, input.account, `${field}account`)
  const rights = allRights.filter((right) => input.rights.includes(right))
  if (account === null && !rights.includes('connect')) {
    throw invalid(
      `${field}rights`,
      'Without an account it is about accounts that the app connects: add the right connect.',
    )
  }
  // They narrow requests alone; where none are allowed there is nothing to narrow.
  const narrows = rights.includes('request')
  const hosts = narrows ? readHosts(input.hosts, `${field}hosts`) : []
  if (account !== null && hosts.length > 0) await checkHosts(parts, account, hosts, `${field}hosts`)
  return {
    accountId: account?.id ?? null,
    rights,
    hosts,
    methods: narrows ? [...new Set(input.methods)] : [],
    pathPrefix: narrows ? readPathPrefix(input.path_prefix, `${field}path_prefix`) : null,
    until: readEnd(parts, input.until, `${field}until`),
  }
}

/** Milliseconds. Throws `invalid_request` for a time that is over. */
export function readEnd({ clock }: Pick<Parts, 'clock'>, end: string | null | undefined, field: string): number | null {
  if (end === null || end === undefined) return null
  const at = Date.parse(end)
  if (at > clock.now()) return at
  throw invalid(field, 'This time is over already.')
}

function find({ accounts }: Parts, reference: string, field: string): AccountRecord {
  try {
    return accounts.resolve(reference)
  } catch (error) {
    if (!(error instanceof LatchkeyError) || error.details.field !== 'account') throw error
    throw new LatchkeyError(error.code, error.message, { ...error.details, field }, error)
  }
}

async function checkHosts(parts: Parts, account: AccountRecord, hosts: string[], field: string): Promise<void> {
  const policy = await parts.policyFor(account)
  for (const host of hosts) {
    const entry = parseHost(host)
    if (entry !== null && coversHost(policy, entry)) continue
    throw new LatchkeyError('invalid_request', `Requests of ${account.alias} do not go to ${host}.`, {
      field,
      action: { text: 'Leave the host out, or add it to the registration’s hosts first.' },
    })
  }
}
