import type { CheckedInput } from '../../../shared/contract.ts'
import type { App, Ask } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { randomId } from '../../platform/ids.ts'
import type { AppRecord, AskedFor, AskRecord, PermissionRecord } from '../../vault/ports-apps.ts'
import { accountsCalled } from '../accounts.ts'
import { actorOf } from '../actor.ts'
import type { Caller } from '../ports.ts'
import type { AppService } from '../ports-apps.ts'
import type { Approvals, Draft } from './approvals.ts'
import type { Asking } from './asks.ts'
import type { AppBook } from './book.ts'
import { readCode } from './code.ts'
import { readEnd, readPermission } from './drafts.ts'
import { cleanName, invalid } from './introduction.ts'
import type { AppParts } from './parts.ts'
import { stateOf, viewApp, viewAsk } from './views.ts'

const day = 86_400_000

export interface AppServiceParts extends AppParts {
  book: AppBook
  asking: Asking
  approvals: Approvals
  /** Told when an app's access was taken back, before anything else is. */
  ended(appId: string): void
}

/** Apps, their permissions, and what they ask for: what the person does with them (G3, E17). */
export function createAppService(parts: AppServiceParts): AppService {
  const { vault, clock, events, book, asking, approvals } = parts

  const view = (app: AppRecord): App => viewApp(app, book.permissions(app.id), clock.now())

  function find(reference: string): AppRecord {
    const apps = book.list()
    const name = reference.trim().toLowerCase()
    const app = apps.find(({ id }) => id === reference) ?? apps.find((it) => it.name.toLowerCase() === name)
    if (app !== undefined) return app
    throw new LatchkeyError('not_found', 'There is no such app.', {
      field: 'app',
      action: { text: 'List the apps to see what they are called.', command: 'latchkey apps' },
    })
  }

  function findPermission(id: string): { permission: PermissionRecord; app: AppRecord } {
    const permission = vault.apps.permission(id)
    if (permission !== null) return { permission, app: find(permission.appId) }
    throw new LatchkeyError('not_found', 'There is no such permission. It may have been withdrawn already.', {
      field: 'id',
    })
  }

  function findAsk(reference: string): AskRecord {
    asking.flush()
    const ask = vault.asks.get(reference) ?? vault.asks.get(readCode(reference))
    if (ask !== null) return ask
    throw new LatchkeyError('not_found', 'There is no such question of a program, or it was answered long ago.', {
      field: 'ask',
      action: { text: 'Compare the code with the one that the program shows.', command: 'latchkey pair' },
    })
  }

  /** Throws `invalid_request` for one that is decided, or over. */
  function waiting(reference: string): AskRecord {
    const ask = findAsk(reference)
    const state = stateOf(ask, clock.now())
    if (state === 'waiting') return ask
    const why = { approved: 'was approved already', denied: 'was refused already', expired: 'is over' }[state]
    throw invalid('ask', `This question ${why}. The program can ask again.`)
  }

  /** The account that a want means, when exactly one is. */
  function meant({ account, rights, hosts }: AskedFor): string | null {
    const [host] = hosts
    if (account === null) {
      return rights.includes('request') && host !== undefined ? (vault.bindings.get(host)?.accountId ?? null) : null
    }
    const [found, ...others] = accountsCalled(vault, account)
    return found !== undefined && others.length === 0 ? found.id : null
  }
  const viewOne = (ask: AskRecord): Ask => viewAsk(ask, meant, clock.now())

  function note(caller: Caller, app: { id: string | null; name: string }, summary: string, detail = {}): void {
    parts.activity.add({
      kind: 'app',
      account_id: null,
      provider_id: null,
      ...actorOf(caller),
      app_id: app.id,
      app_name: app.name,
      summary,
      detail,
    })
  }

  function changed(app: Pick<AppRecord, 'id'>): void {
    book.forget()
    events.emit({ type: 'app', app_id: app.id, state: 'active' })
  }

  const described = (draft: Draft): string => {
    const account = draft.accountId === null ? null : vault.accounts.get(draft.accountId)
    return `${draft.rights.join(', ')} with ${draft.accountId === null ? 'accounts that it connects' : (account?.alias ?? 'an account')}`
  }

  /** One that differs in nothing but its rights takes the new ones along: two would say the same twice. */
  function grant(appId: string, draft: Draft): void {
    const now = clock.now()
    const same = vault.apps.permissions(appId).find((it) => narrowing(it) === narrowing(draft))
    const rights = same === undefined ? draft.rights : [...new Set([...same.rights, ...draft.rights])]
    const before = same ?? { id: randomId('perm'), createdAt: now }
    vault.apps.savePermission({ ...before, ...draft, appId, rights, updatedAt: now })
  }

  async function readAll(input: CheckedInput<'asks.approve'>): Promise<Draft[]> {
    const drafts: Draft[] = []
    for (const [place, permission] of input.permissions.entries()) {
      drafts.push(await readPermission(parts, permission, `permissions.${place}.`))
    }
    return drafts
  }

  function approvePairing(ask: AskRecord, input: CheckedInput<'asks.approve'>, permissions: Draft[]): string {
    const name = input.name === undefined ? ask.name : cleanName(input.name, 'name')
    const expiresAt = readEnd(parts, input.expires_at, 'expires_at')
    approvals.put(ask.id, { name, permissions, expiresAt, idleDays: input.idle_days ?? null }, ask.expiresAt)
    return name
  }

  function approveMore(ask: AskRecord, input: CheckedInput<'asks.approve'>, permissions: Draft[]): AppRecord {
    for (const field of ['name', 'expires_at', 'idle_days'] as const) {
      if (input[field] !== undefined) throw invalid(field, 'This belongs to the app itself: change the app.')
    }
    if (permissions.length === 0) throw invalid('permissions', 'Grant at least one permission, or say no.')
    const app = find(ask.appId ?? '')
    for (const permission of permissions) grant(app.id, permission)
    return app
  }

  return {
    list: () =>
      book
        .list()
        .sort((one, other) => one.name.localeCompare(other.name))
        .map(view),
    get: (reference) => view(find(reference)),

    change({ app: reference, name, expires_at, idle_days }, caller) {
      const app = find(reference)
      const next: AppRecord = { ...app }
      if (name !== undefined) {
        next.name = cleanName(name, 'name')
        const holder = book.list().find((it) => it.name.toLowerCase() === next.name.toLowerCase())
        if (holder !== undefined && holder.id !== app.id) throw invalid('name', `Another app is called ${holder.name}.`)
      }
      if (expires_at !== undefined) next.expiresAt = readEnd(parts, expires_at, 'expires_at')
      if (idle_days !== undefined) next.idleDays = idle_days
      vault.apps.save(next)
      note(caller, next, next.name === app.name ? `${app.name} was changed` : `${app.name} is now called ${next.name}`)
      changed(next)
      return view(find(app.id))
    },

    revoke(reference, caller) {
      const app = find(reference)
      asking.flush()
      const asks = vault.asks.list().filter(({ appId, state }) => appId === app.id && state === 'waiting')
      vault.apps.revoke(app.id, clock.now())
      book.forget()
      parts.ended(app.id)
      for (const ask of asks) asking.ended({ ...ask, state: 'expired' })
      note(caller, app, `The access of ${app.name} was taken back`)
      for (const ask of asks) events.emit({ type: 'ask', ask_id: ask.id, state: 'expired' })
      events.emit({ type: 'app', app_id: app.id, state: 'revoked' })
    },

    async addPermission({ app: reference, ...input }, caller) {
      const draft = await readPermission(parts, input, '')
      const app = find(reference)
      vault.transaction(() => grant(app.id, draft))
      note(caller, app, `${app.name} may: ${described(draft)}`)
      changed(app)
      return view(app)
    },

    async changePermission({ id, ...input }, caller) {
      const draft = await readPermission(parts, input, '')
      const { permission, app } = findPermission(id)
      vault.apps.savePermission({ ...permission, ...draft, updatedAt: clock.now() })
      note(caller, app, `A permission of ${app.name} was changed: ${described(draft)}`)
      changed(app)
      return view(app)
    },

    withdrawPermission(id, caller) {
      const { permission, app } = findPermission(id)
      vault.apps.removePermission(id)
      book.forget()
      note(caller, app, `${app.name} may no longer: ${described(permission)}`)
      changed(app)
      return view(app)
    },

    asks() {
      asking.flush()
      const since = clock.now() - day
      const isShown = (ask: AskRecord) =>
        stateOf(ask, clock.now()) === 'waiting' || (ask.decidedAt !== null && ask.decidedAt > since)
      return vault.asks.list().filter(isShown).map(viewOne)
    },

    ask: (reference) => viewOne(findAsk(reference)),

    async approve(input, caller) {
      waiting(input.ask)
      const permissions = await readAll(input)
      // It may have been decided or run out while the hosts were looked at.
      const ask = waiting(input.ask)
      const decided: AskRecord = { ...ask, state: 'approved', decidedAt: clock.now() }
      const app = vault.transaction(() => {
        vault.asks.save(decided)
        if (ask.kind === 'permission') return approveMore(ask, input, permissions)
        return { id: null, name: approvePairing(ask, input, permissions) }
      })
      asking.ended(decided)
      const granted = permissions.map(described).join('; ')
      note(caller, app, `${app.name} was let in${granted === '' ? ', with nothing granted yet' : `: ${granted}`}`)
      if (app.id !== null) changed({ id: app.id })
      events.emit({ type: 'ask', ask_id: ask.id, state: 'approved' })
      return viewOne(decided)
    },

    deny(reference, caller) {
      const ask = waiting(reference)
      const decided: AskRecord = { ...ask, state: 'denied', decidedAt: clock.now() }
      vault.asks.save(decided)
      asking.ended(decided)
      note(caller, { id: ask.appId, name: ask.name }, `${ask.name} was refused what it asked for`)
      events.emit({ type: 'ask', ask_id: ask.id, state: 'denied' })
      return viewOne(decided)
    },

    connected(appId, accountId) {
      const app = book.get(appId)
      if (app === null || app.revokedAt !== null) return
      const now = clock.now()
      const own = vault.apps.permissions(appId).filter((it) => it.accountId === null && (it.until ?? now + 1) > now)
      const drafts = own
        .map((it): Draft => ({ ...draftOf(it), accountId, rights: it.rights.filter((right) => right !== 'connect') }))
        .filter(({ rights }) => rights.length > 0)
      if (drafts.length === 0) return
      vault.transaction(() => {
        for (const draft of drafts) grant(appId, draft)
      })
      for (const draft of drafts) note({ kind: 'latchkey' }, app, `${app.name} may: ${described(draft)}`)
      changed(app)
    },
  }
}

function draftOf({ accountId, rights, hosts, methods, pathPrefix, until }: PermissionRecord): Draft {
  return { accountId, rights, hosts, methods, pathPrefix, until }
}

/** Everything but the rights. */
function narrowing({ accountId, hosts, methods, pathPrefix, until }: Draft): string {
  return JSON.stringify([accountId, [...hosts].sort(), [...methods].sort(), pathPrefix, until])
}
