import type { CallerFacts, Pairing } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { randomId } from '../../platform/ids.ts'
import { newSecret } from '../../platform/secrets.ts'
import type { AppRecord, AskRecord, PermissionRecord } from '../../vault/ports-apps.ts'
import type { PairingService } from '../ports-apps.ts'
import type { Approval, Approvals } from './approvals.ts'
import type { AppBook } from './book.ts'
import { newCode, newKey, sameHash, secretHash } from './code.ts'
import { cleanFacts, cleanUserAgent, readIntroduction } from './introduction.ts'
import type { AppParts } from './parts.ts'
import { endOf } from './permissions.ts'
import { stateOf, viewPermission } from './views.ts'

/** Milliseconds. */
const life = 600_000
const mostWaiting = 5
/** Seconds between looks. */
const interval = 2

const nobody = secretHash('nobody’s')

/** Lets programs in: they ask, the person decides, the key is handed over once (F11). */
export function createPairing(
  parts: AppParts & { book: AppBook; approvals: Approvals },
): Pick<PairingService, 'pair' | 'look' | 'authenticate'> {
  const { vault, clock, events, activity, book, approvals } = parts

  function waiting(now: number): AskRecord[] {
    return vault.asks.list().filter((ask) => ask.kind === 'pair' && stateOf(ask, now) === 'waiting')
  }

  /** The question that the same process asked in the same words: a program that was started again asks no second one. */
  function sameQuestion(asks: AskRecord[], name: string, purpose: string, facts: CallerFacts | null): AskRecord | null {
    if (facts === null || facts.pid === null) return null
    const { pid, executable } = facts
    const same = asks.find(
      ({ name: itsName, purpose: itsPurpose, caller }) =>
        itsName === name && itsPurpose === purpose && caller?.pid === pid && caller.executable === executable,
    )
    return same ?? null
  }

  function checkRoom(asks: AskRecord[], now: number): void {
    if (asks.length < mostWaiting) return
    const first = Math.min(...asks.map(({ expiresAt }) => expiresAt))
    throw new LatchkeyError('rate_limited', `${mostWaiting} programs wait to be let in already.`, {
      retry_after: Math.max(1, Math.ceil((first - now) / 1000)),
      action: { text: 'Answer them in Latchkey, or wait until their time is over.' },
    })
  }

  /** Who was told no does not ask again in the same breath. */
  function checkRefused(name: string, purpose: string, now: number): void {
    const refused = vault.asks
      .list()
      .find(
        (ask) =>
          ask.kind === 'pair' &&
          ask.state === 'denied' &&
          ask.name === name &&
          ask.purpose === purpose &&
          ask.expiresAt > now,
      )
    if (refused === undefined) return
    throw new LatchkeyError('rate_limited', `The person said no to ${name} a moment ago.`, {
      retry_after: Math.max(1, Math.ceil((refused.expiresAt - now) / 1000)),
    })
  }

  function freeCode(): string {
    let code = newCode()
    while (vault.asks.get(code) !== null) code = newCode()
    return code
  }

  const shown = (ask: AskRecord, state = stateOf(ask, clock.now())): Pairing => ({
    id: ask.id,
    code: ask.code,
    state,
    interval,
    expires_at: new Date(ask.expiresAt).toISOString(),
  })

  /** The first look after the approval: only now there is an app, and a key that it can be used with. */
  function collect(ask: AskRecord, now: number): Pairing {
    const key = newKey()
    const made = vault.transaction(() => {
      const approval = approvals.take(ask.id)
      if (approval === null) return null
      const app = appOf(ask, approval, key, now)
      vault.apps.save(app)
      const permissions = approval.permissions
        // An account may have been removed since.
        .filter(({ accountId }) => accountId === null || vault.accounts.get(accountId) !== null)
        .map((draft): PermissionRecord => {
          return { ...draft, id: randomId('perm'), appId: app.id, createdAt: now, updatedAt: now }
        })
      for (const permission of permissions) vault.apps.savePermission(permission)
      vault.asks.save({ ...ask, appId: app.id })
      return { app, permissions }
    })
    if (made === null) return shown({ ...ask, state: 'expired' }, 'expired')
    const { app, permissions } = made
    book.forget()
    activity.add({
      kind: 'app',
      account_id: null,
      provider_id: null,
      actor: 'app',
      app_id: app.id,
      app_name: app.name,
      summary: `${app.name} was paired and has collected its key`,
      detail: { permissions: permissions.length },
    })
    events.emit({ type: 'app', app_id: app.id, state: 'active' })
    return { ...shown(ask, 'approved'), key, app_id: app.id, permissions: permissions.map(viewPermission) }
  }

  function appOf(ask: AskRecord, approval: Approval, key: string, now: number): AppRecord {
    return {
      id: randomId('app'),
      name: freeName(approval.name),
      purpose: ask.purpose,
      keyHash: secretHash(key),
      createdAt: now,
      lastUsedAt: null,
      expiresAt: approval.expiresAt,
      idleDays: approval.idleDays,
      revokedAt: null,
      caller: ask.caller,
    }
  }

  /** `name (2)` where there is one of that name: the person could not tell them apart. */
  function freeName(name: string): string {
    const taken = new Set(book.list().map((app) => app.name.toLowerCase()))
    let free = name
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name} (${number})`
    return free
  }

  return {
    async pair(input, origin) {
      const { name, purpose, wants } = readIntroduction(input)
      checkRefused(name, purpose, clock.now())
      const found = await origin.facts().catch(() => null)
      const facts = found === null ? null : cleanFacts(found)
      const now = clock.now()
      const asks = waiting(now)
      const same = sameQuestion(asks, name, purpose, facts)
      if (same === null) checkRoom(asks, now)
      const secret = newSecret()
      const ask: AskRecord = {
        id: same?.id ?? randomId('ask'),
        kind: 'pair',
        code: same?.code ?? freeCode(),
        state: 'waiting',
        appId: null,
        name,
        purpose,
        userAgent: cleanUserAgent(origin.userAgent),
        wants,
        caller: facts,
        secretHash: secretHash(secret),
        times: (same?.times ?? 0) + 1,
        createdAt: same?.createdAt ?? now,
        lastAt: now,
        expiresAt: now + life,
        decidedAt: null,
      }
      vault.asks.save(ask)
      if (same === null) events.emit({ type: 'ask', ask_id: ask.id, state: 'waiting' })
      return { ...shown(ask), secret }
    },

    look(id, secret) {
      const now = clock.now()
      const ask = vault.asks.get(id)
      const isPairing = ask !== null && ask.id === id && ask.kind === 'pair'
      const hash = isPairing && ask.secretHash !== null ? ask.secretHash : nobody
      if (!sameHash(hash, secretHash(secret ?? '')) || !isPairing || ask.secretHash === null) {
        throw new LatchkeyError('not_found', 'There is no such pairing, or its secret is another one.', {
          action: { text: 'Ask for access again: POST /v1/pair.' },
        })
      }
      const state = stateOf(ask, now)
      if (state !== 'approved') return shown(ask, state)
      if (ask.appId === null) return collect(ask, now)
      return { ...shown(ask), app_id: ask.appId, permissions: book.permissions(ask.appId).map(viewPermission) }
    },

    authenticate(key) {
      const app = book.byKey(key)
      if (app === null) return null
      const now = clock.now()
      if (app.revokedAt !== null) throw over(app, `Its access was taken back on ${day(app.revokedAt)}.`)
      const end = endOf(app, now)
      if (end !== null) throw over(app, end)
      book.used(app, now)
      return { id: app.id, name: app.name }
    },
  }
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

function over({ name }: AppRecord, why: string): LatchkeyError {
  return new LatchkeyError('unauthenticated', `${name} may not use Latchkey any more. ${why}`, {
    action: { text: 'Ask for access again: POST /v1/pair.', url: 'latchkey://apps', command: 'latchkey apps' },
  })
}
