import type { Input, Method, Output } from '../../../shared/contract.ts'
import type { App, Ask, Binding, Permission } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Account, Activity, LatchkeyEvent } from '../../../shared/models.ts'
import { app, asks, day, decided, iso, manyApps, permission, someApps, usageOf, usesOf } from './fake-apps-data.ts'

type AppsMethod =
  | Extract<Method, `apps.${string}` | `permissions.${string}` | `asks.${string}` | `bindings.${string}`>
  | 'accounts.usage'
  | 'activity.limits'
  | 'activity.limit'
  | 'activity.export'
  | 'activity.list'
  | 'requests.send_to_host'
type FakeApps = { [M in AppsMethod]: (input: Input<M>) => Output<M> }

/** Apps, asks and the audit, in memory. */
export function fakeApps(parts: {
  apps: 'none' | 'some' | number
  accounts: () => Account[]
  activity: () => Activity[]
  emit: (event: LatchkeyEvent) => void
}): FakeApps & { askAgain(): void } {
  const { emit } = parts
  let apps = parts.apps === 'none' ? [] : parts.apps === 'some' ? someApps : manyApps(parts.apps)
  let all = parts.apps === 'some' ? [...asks, ...decided] : []
  let bindings: Binding[] = [
    { host: 'gmail.googleapis.com', account_id: 'a1', created_at: iso(-day) },
    { host: 'api.github.com', account_id: 'a3', created_at: iso(-day) },
  ]
  let limits = { max_days: 90, max_entries: 20_000 }
  let made = 0
  const uses = usesOf(apps, parts.accounts())

  const find = (reference: string): App => {
    const found = apps.find((it) => it.id === reference || it.name === reference)
    if (!found) throw new LatchkeyError('not_found', 'There is no such app.')
    return found
  }
  const findAsk = (reference: string): Ask => {
    const found = all.find((it) => it.id === reference || it.code === reference)
    if (!found) throw new LatchkeyError('not_found', 'Nobody asks this.')
    return found
  }
  const replace = (changed: App): App => {
    apps = apps.map((it) => (it.id === changed.id ? changed : it))
    emit({ type: 'app', app_id: changed.id, state: changed.state })
    return changed
  }
  const permissionOf = (owner: string, { account, ...input }: Omit<Input<'permissions.add'>, 'app'>): Permission => {
    made += 1
    const { rights, hosts = [], methods = [], path_prefix = null, until = null } = input
    return permission(`perm_new_${made}`, owner, account, { rights, hosts, methods, path_prefix, until })
  }
  const holder = (id: string): App => {
    const found = apps.find((it) => it.permissions.some((one) => one.id === id))
    if (!found) throw new LatchkeyError('not_found', 'There is no such permission.')
    return found
  }
  const decide = (ask: Ask, state: 'approved' | 'denied'): Ask => {
    const changed = { ...ask, state, last_at: new Date().toISOString() }
    all = all.map((it) => (it.id === ask.id ? changed : it))
    emit({ type: 'ask', ask_id: ask.id, state })
    return changed
  }
  const entries = () => [...parts.activity(), ...uses].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const failed = ({ detail }: Activity) => typeof detail.status === 'number' && detail.status >= 400
  const fitting = (filter: Omit<Input<'activity.list'>, 'limit' | 'before'>) =>
    entries().filter(
      (it) =>
        (filter.account === undefined || it.account_id === filter.account) &&
        (filter.app === undefined || it.app_id === filter.app) &&
        (filter.kind === undefined || it.kind === filter.kind) &&
        (filter.right === undefined || it.right === filter.right) &&
        (filter.host === undefined || it.detail.host === filter.host) &&
        (filter.outcome === undefined || failed(it) === (filter.outcome === 'failed')) &&
        (filter.search === undefined || it.summary.toLowerCase().includes(filter.search.toLowerCase())) &&
        (filter.since === undefined || it.at >= filter.since) &&
        (filter.until === undefined || it.at <= filter.until),
    )

  return {
    /** A program asks while the page is open. */
    askAgain() {
      made += 1
      const ask = { ...(asks[0] as Ask), id: `ask_new_${made}`, name: 'Photo frame', code: 'PQRS-6789', wants: [] }
      all = [{ ...ask, created_at: iso(0), last_at: iso(0), expires_at: iso(600) }, ...all]
      emit({ type: 'ask', ask_id: ask.id, state: 'waiting' })
    },
    'apps.list': () => apps,
    'apps.get': ({ app: reference }) => find(reference),
    'apps.change': ({ app: reference, name, expires_at, idle_days }) => {
      const before = find(reference)
      return replace({
        ...before,
        name: name ?? before.name,
        expires_at: expires_at === undefined ? before.expires_at : expires_at,
        idle_days: idle_days === undefined ? before.idle_days : idle_days,
        state: 'active',
        reason: null,
      })
    },
    'apps.revoke': ({ app: reference }) => {
      const { id } = find(reference)
      apps = apps.filter((it) => it.id !== id)
      emit({ type: 'app', app_id: id, state: 'revoked' })
      return {}
    },
    'permissions.add': ({ app: reference, ...input }) => {
      const before = find(reference)
      return replace({ ...before, permissions: [...before.permissions, permissionOf(before.id, input)] })
    },
    'permissions.change': ({ id, ...input }) => {
      const before = holder(id)
      const changed = { ...permissionOf(before.id, input), id }
      return replace({ ...before, permissions: before.permissions.map((it) => (it.id === id ? changed : it)) })
    },
    'permissions.withdraw': ({ id }) => {
      const before = holder(id)
      return replace({ ...before, permissions: before.permissions.filter((it) => it.id !== id) })
    },
    'asks.list': () => all,
    'asks.get': ({ ask }) => findAsk(ask),
    'asks.approve': ({ ask, name, permissions, expires_at = null, idle_days = null }) => {
      const asked = findAsk(ask)
      if (asked.state !== 'waiting') throw new LatchkeyError('invalid_request', 'This was answered already.')
      const id = asked.app_id ?? `app_new_${made}`
      const granted = permissions.map((input) => permissionOf(id, input))
      const before = apps.find((it) => it.id === id)
      if (before) replace({ ...before, permissions: [...before.permissions, ...granted] })
      else {
        const { purpose, caller } = asked
        const paired = { purpose, caller, expires_at, idle_days, last_used_at: null, permissions: granted }
        apps = [...apps, app(id, name ?? asked.name, paired)]
        emit({ type: 'app', app_id: id, state: 'active' })
      }
      return decide(asked, 'approved')
    },
    'asks.deny': ({ ask }) => decide(findAsk(ask), 'denied'),
    'bindings.list': () => bindings,
    'bindings.save': ({ host, account }) => {
      if (host.includes('evil')) {
        throw new LatchkeyError('destination_not_allowed', `Requests of this account may not go to ${host}.`)
      }
      const binding = { host, account_id: account, created_at: new Date().toISOString() }
      bindings = [...bindings.filter((it) => it.host !== host), binding]
      return binding
    },
    'bindings.remove': ({ host }) => {
      bindings = bindings.filter((it) => it.host !== host)
      return {}
    },
    'accounts.usage': ({ account, days = 30 }) => {
      const found = parts.accounts().find((it) => it.id === account)
      if (!found) throw new LatchkeyError('not_found', 'There is no such account.')
      return usageOf(found, apps, days)
    },
    'activity.limits': () => limits,
    'activity.limit': (next) => {
      limits = next
      return limits
    },
    'activity.list': ({ limit = 100, before, ...filter }) =>
      fitting(filter)
        .filter((it) => before === undefined || it.id < before)
        .slice(0, limit),
    'activity.export': ({ limit = 20_000, ...filter }) => {
      const found = fitting(filter)
      const text = found
        .slice(0, limit)
        .reverse()
        .map((it) => `${JSON.stringify(it)}\n`)
        .join('')
      return { text, entries: Math.min(found.length, limit), complete: found.length <= limit }
    },
    'requests.send_to_host': ({ request }) => ({
      status: 200,
      status_text: 'OK',
      headers: {},
      body: '{}',
      body_base64: null,
      duration_ms: 12,
      refreshed: false,
      url: request.url,
    }),
  }
}
