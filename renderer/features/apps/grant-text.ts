import type { Permission } from '../../../shared/contract-apps.ts'
import { isolated, plainLine } from '../../components/plain-text.ts'
import { t } from '../../texts.ts'

export type Grant = Pick<Permission, 'rights' | 'hosts' | 'methods' | 'path_prefix' | 'until'> & {
  /** null: the sentence begins with "May". */
  app: string | null
  /** null: the accounts that the app connects itself. */
  account: string | null
}

type Actions = Omit<Grant, 'app' | 'until'>

/** Methods that change nothing (RFC 9110 9.2.1). */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])
const hostsSaid = 5
const twoDays = 48 * 3_600_000

export const readsOnly = (methods: readonly string[]): boolean =>
  methods.length > 0 && methods.every((method) => safe.has(method))

/** "20 December", with the year when it is another one, with the hour when it is near. */
export function endText(until: string, now: number): string {
  const date = new Date(until)
  if (Number.isNaN(date.getTime())) return until
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  })
  if (Math.abs(date.getTime() - now) > twoDays) return day
  return `${day}, ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`
}

function where({ hosts, path_prefix }: Actions): string {
  const { grant } = t.apps
  const named = hosts.slice(0, hostsSaid).map(plainLine)
  if (hosts.length > hostsSaid) named.push(grant.moreHosts(hosts.length - hostsSaid))
  const place = hosts.length === 0 ? grant.everywhere : grant.and(named)
  return path_prefix === null || path_prefix === '/' ? place : `${place}${grant.below(plainLine(path_prefix))}`
}

function requests(it: Actions): string {
  const { grant } = t.apps
  const { methods } = it
  if (methods.length === 0) return grant.any(where(it))
  return readsOnly(methods) ? grant.read(methods.join(', '), where(it)) : grant.some(grant.and([...methods]), where(it))
}

function actions(it: Actions): string[] {
  const { grant } = t.apps
  const own = it.account === null
  const has = (right: Grant['rights'][number]) => it.rights.includes(right)
  // The account is named once; after that it is "it".
  let name: string | null = it.account === null ? grant.own : isolated(it.account)
  const once = () => {
    const said = name
    name = null
    return said
  }
  const parts: string[] = []
  if (own && has('connect')) parts.push(grant.connectNew)
  if (has('request')) parts.push(`${requests(it)}${grant.with(once(), own)}`)
  if (has('token')) parts.push(grant.token(once(), own))
  if (has('manage')) parts.push(grant.manage(once(), own))
  if (!own && has('connect')) parts.push(grant.connect(once()))
  if (has('see')) parts.push(grant.see(once(), own))
  return parts
}

/** "read (GET) from gmail.googleapis.com with ada@example.org and see its state": what is wanted, without who and until. */
export const actionsText = (it: Actions): string => t.apps.grant.and(actions(it))

/**
 * What a permission allows, in one plain sentence: "Mail sync may read (GET) from gmail.googleapis.com below /gmail/v1
 * with ada@example.org until 20 December." Names are isolated, so that none can turn the sentence around it.
 */
export function grantSentence(it: Grant, now: number): string {
  const { grant } = t.apps
  const subject = it.app === null ? grant.mayAlone : grant.may(isolated(it.app))
  const parts = actions(it)
  if (parts.length === 0) return `${subject} ${grant.nothing}.`
  const end = it.until === null ? grant.untilWithdrawn : grant.until(endText(it.until, now))
  return `${subject} ${grant.and(parts)}${parts.length > 1 ? ',' : ''} ${end}.`
}
