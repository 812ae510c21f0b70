import { type Command, Option } from 'commander'
import type { Permission, PermissionInput, Want } from '../../shared/contract-apps.ts'
import { type RequestMethod, type Right, requestMethods, rights } from '../../shared/standards.ts'
import { UsageError } from './errors.ts'
import { among, collect } from './options.ts'
import type { Session } from './session.ts'
import { line, moment } from './text.ts'
import { futureOrNever, orNull } from './time.ts'

/** Permissions on the command line: their options, and how they are said in words. */

/** What each right lets an app do, as a person understands it. */
export const rightWords: Record<Right, string> = {
  see: 'see it and its state',
  request: 'have requests signed',
  token: 'get its access token, which it can send anywhere',
  manage: 'refresh, validate, disable, reset, revoke, rename and remove it',
  connect: 'start sign-ins',
}

export interface PermissionOptions {
  right?: Right[]
  host?: string[]
  method?: RequestMethod[]
  path?: string
  until?: string
}

/** `any` takes a narrowing away again, so it is offered where a permission is changed. */
export function withPermissionOptions(command: Command, change = false): Command {
  const any = change ? '; any for all' : ''
  return command
    .addOption(
      Object.assign(new Option('--right <right>', 'a right; can be repeated').argParser(among(rights, 'right')), {
        argChoices: [...rights],
      }),
    )
    .option('--host <host>', `requests to this host only; can be repeated${any}`, (value, before: string[] = []) =>
      collect(value, before),
    )
    .addOption(
      Object.assign(
        new Option('--method <method>', `requests with this method only; can be repeated${any}`).argParser(
          change
            ? (value: string, before?: RequestMethod[]) => (value === 'any' ? [] : methods(value, before))
            : methods,
        ),
        { argChoices: [...requestMethods] },
      ),
    )
    .option('--path <prefix>', `requests to this path and below only${any}`)
    .option('--until <when>', 'until then: 30d, 12h, 2027-01-31, or never', futureOrNever)
}

const methods = among(requestMethods, 'method')

/** What is granted: what was there or wanted, with what the options say in its place. */
export function narrowed(
  before: Pick<PermissionInput, 'rights'> & Partial<PermissionInput>,
  account: string | null,
  options: PermissionOptions,
): PermissionInput {
  const wanted = options.right ?? before.rights
  if (wanted.length === 0) throw new UsageError('Name at least one right with --right.')
  return {
    account,
    rights: rights.filter((it) => wanted.includes(it)),
    hosts: options.host ? options.host.filter((it) => it !== 'any') : (before.hosts ?? []),
    methods: options.method ?? before.methods ?? [],
    path_prefix: options.path === 'any' ? null : (options.path ?? before.path_prefix ?? null),
    until: options.until === undefined ? (before.until ?? null) : orNull(options.until),
  }
}

type Narrowing = Pick<Permission, 'rights' | 'hosts' | 'methods' | 'path_prefix'> & { until?: string | null }

/** `see, request; GET and POST to api.example.com below /v1; until 2027-01-31`. */
export function permissionWords(permission: Narrowing): string {
  const { hosts, methods, path_prefix: prefix, until } = permission
  const where = [
    methods.length === 0 ? '' : methods.join(' and '),
    hosts.length === 0 ? '' : `to ${hosts.map((it) => line(it)).join(' and ')}`,
    prefix === null ? '' : `below ${line(prefix)}`,
  ].filter((it) => it !== '')
  return [
    permission.rights.join(', '),
    ...(where.length === 0 ? [] : [`requests ${where.join(' ')} only`]),
    ...(until ? [`until ${moment(until)}`] : []),
  ].join('; ')
}

/** The account that a program wants, in its own words. */
export function wantedAccount(want: Want, alias: (id: string) => string): string {
  if (want.account_id !== null) return alias(want.account_id)
  if (want.account !== null) return `“${line(want.account)}”`
  return want.provider === null ? 'any account' : `any account at ${line(want.provider)}`
}

/** The accounts' aliases by id; asked for only when something names an account. */
export async function aliasesOf(
  named: { account_id: string | null }[],
  session: Session,
): Promise<(id: string | null) => string> {
  const accounts = named.some((it) => it.account_id !== null) ? await session.client.accounts() : []
  const aliases = new Map(accounts.map((it) => [it.id, line(it.alias)]))
  return (id) => (id === null ? 'accounts it connects itself' : (aliases.get(id) ?? id))
}
