import type { CallerFacts } from '../../../shared/contract-apps.ts'
import { randomId } from '../../platform/ids.ts'
import type { AskedFor, AskRecord } from '../../vault/ports-apps.ts'
import type { CallingApp } from '../ports.ts'
import { newCode } from './code.ts'
import { cleanFacts, cleanUserAgent } from './introduction.ts'
import type { AppParts } from './parts.ts'
import { stateOf } from './views.ts'
import { includes, merged, subjectOf } from './wants.ts'

/** What comes of it when an app wants more than it may. */
export type Raised =
  | { kind: 'asked'; code: string }
  /** The person said no to this within the last day. */
  | { kind: 'refused' }
  /** Too many of the app's questions wait already. */
  | { kind: 'full' }

/** Asks the person for more, once for each app and account however often the app tries. */
export interface Asking {
  raise(app: CallingApp, want: AskedFor): Raised
  /** Whose question it is; null: nobody's that waits or was answered lately. */
  appOf(askId: string): string | null
  /** Writes down what is only counted in memory. */
  flush(): void
  /** It was answered, or ran out: to be told after it was stored so. */
  ended(ask: AskRecord): void
  /** The vault is being locked. */
  forget(): void
}

const minute = 60_000
const day = 86_400_000
/** A question is put aside when nobody answers it. */
const life = 7 * day
const mostWaiting = 20
/** Whoever was told no so often within a day is not heard again before it is over. */
const mostRefusals = 20
const mostRefusalsOfSubject = 3
/** Milliseconds between writes of how often something was tried. */
const countEvery = 5_000

/** A question that waits, with what is not written down. */
interface Waiting {
  ask: AskRecord
  announcedAt: number
  writtenAt: number
  unwritten: boolean
}

interface Book {
  waiting: Map<string, Waiting>
  refused: AskRecord[]
}

const keyOf = (appId: string, want: AskedFor): string => `${appId} ${subjectOf(want)}`

export function createAsking({ vault, clock, events, activity, logger }: AppParts): Asking {
  let read: Book | null = null

  function book(): Book {
    if (read !== null && vault.status().state === 'unlocked') return read
    const now = clock.now()
    const asks = vault.asks.list().filter(({ kind }) => kind === 'permission')
    const waiting = asks.filter((ask) => stateOf(ask, now) === 'waiting')
    read = {
      // Newest first, so that of two with one key the older one stands.
      waiting: new Map(
        waiting.flatMap((ask): [string, Waiting][] => {
          const [want] = ask.wants
          if (ask.appId === null || want === undefined) return []
          return [[keyOf(ask.appId, want), { ask, announcedAt: ask.lastAt, writtenAt: 0, unwritten: false }]]
        }),
      ),
      refused: asks.filter(({ state }) => state === 'denied'),
    }
    return read
  }

  function refusals(app: CallingApp, want: AskedFor, now: number): boolean {
    const lately = book().refused.filter(
      ({ appId, decidedAt }) => appId === app.id && decidedAt !== null && decidedAt + day > now,
    )
    const subject = subjectOf(want)
    const same = lately.flatMap(({ wants }) => wants.filter((it) => subjectOf(it) === subject))
    return (
      lately.length >= mostRefusals ||
      same.length >= mostRefusalsOfSubject ||
      same.some((refused) => includes(refused, want))
    )
  }

  function write(waiting: Waiting, now: number): void {
    vault.asks.save(waiting.ask)
    waiting.writtenAt = now
    waiting.unwritten = false
  }

  function again(waiting: Waiting, app: CallingApp, want: AskedFor, now: number): Raised {
    const { ask } = waiting
    const before = ask.wants[0] ?? want
    const after = merged(before, want)
    const grew = !includes(before, after)
    waiting.ask = { ...ask, times: ask.times + 1, lastAt: now, wants: [grew ? after : before] }
    waiting.unwritten = true
    // A program in a loop must cost neither the disk nor the person anything.
    if (grew || now - waiting.writtenAt >= countEvery) write(waiting, now)
    if (grew && now - waiting.announcedAt >= minute) {
      waiting.announcedAt = now
      tell(waiting, app)
    }
    return { kind: 'asked', code: ask.code }
  }

  function begin(app: CallingApp, want: AskedFor, now: number): Raised {
    const ask: AskRecord = {
      id: randomId('ask'),
      kind: 'permission',
      code: freeCode(),
      state: 'waiting',
      appId: app.id,
      name: app.name,
      purpose: vault.apps.get(app.id)?.purpose ?? '',
      userAgent: cleanUserAgent(app.userAgent),
      wants: [want],
      caller: null,
      secretHash: null,
      times: 1,
      createdAt: now,
      lastAt: now,
      expiresAt: now + life,
      decidedAt: null,
    }
    const waiting = { ask, announcedAt: now, writtenAt: now, unwritten: false }
    vault.asks.save(ask)
    book().waiting.set(keyOf(app.id, want), waiting)
    activity.add({
      kind: 'app',
      account_id: null,
      provider_id: want.provider,
      actor: 'app',
      app_id: app.id,
      app_name: app.name,
      summary: `${app.name} asks for more than it may: ${want.rights.join(', ')}`,
      detail: {},
    })
    tell(waiting, app)
    return { kind: 'asked', code: ask.code }
  }

  /** Announced once it is known who called, so that the person sees all of it at once. */
  function tell(waiting: Waiting, app: CallingApp): void {
    const show = (facts: CallerFacts | null) => {
      // Decided or forgotten meanwhile: then there is nothing to add to.
      const isThere = read !== null && [...read.waiting.values()].includes(waiting)
      if (!isThere || vault.status().state !== 'unlocked') return
      if (facts !== null) {
        waiting.ask = { ...waiting.ask, caller: cleanFacts(facts) }
        vault.asks.save(waiting.ask)
      }
      events.emit({ type: 'ask', ask_id: waiting.ask.id, state: 'waiting' })
    }
    app
      .facts()
      .catch(() => null)
      .then(show)
      .catch((error: unknown) => logger.error('A question could not be shown.', { error }))
  }

  function freeCode(): string {
    let code = newCode()
    while (vault.asks.get(code) !== null) code = newCode()
    return code
  }

  return {
    raise(app, want) {
      const now = clock.now()
      const { waiting } = book()
      const key = keyOf(app.id, want)
      const known = waiting.get(key)
      if (known !== undefined && known.ask.expiresAt > now) return again(known, app, want, now)
      if (refusals(app, want, now)) return { kind: 'refused' }
      const own = [...waiting.values()].filter(({ ask }) => ask.appId === app.id && ask.expiresAt > now)
      if (own.length >= mostWaiting) return { kind: 'full' }
      return begin(app, want, now)
    },
    appOf(askId) {
      const { waiting } = book()
      for (const { ask } of waiting.values()) if (ask.id === askId) return ask.appId
      return vault.asks.get(askId)?.appId ?? null
    },
    flush() {
      if (read === null || vault.status().state !== 'unlocked') return
      for (const waiting of read.waiting.values()) if (waiting.unwritten) write(waiting, clock.now())
    },
    ended(ask) {
      if (read === null) return
      for (const [key, waiting] of read.waiting) if (waiting.ask.id === ask.id) read.waiting.delete(key)
      const since = clock.now() - day
      read.refused = read.refused.filter(({ decidedAt }) => decidedAt !== null && decidedAt > since)
      if (ask.state === 'denied') read.refused.push(ask)
    },
    forget() {
      read = null
    },
  }
}
