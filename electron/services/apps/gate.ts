import type { CheckedInput } from '../../../shared/contract.ts'
import type { Right } from '../../../shared/contract-apps.ts'
import { type ErrorAction, LatchkeyError } from '../../../shared/errors.ts'
import { plainText } from '../../platform/plain-text.ts'
import { hostText, parseHost } from '../../signer/policy.ts'
import type { AccountRecord } from '../../vault/ports.ts'
import type { AskedFor } from '../../vault/ports-apps.ts'
import { accountsCalled, ambiguousAccount } from '../accounts.ts'
import type { Attempt, Caller, CallingApp, Gate } from '../ports.ts'
import type { Asking, Raised } from './asks.ts'
import type { AppBook } from './book.ts'
import type { AppParts } from './parts.ts'
import { allows, endOf } from './permissions.ts'
import { narrowingOf } from './wants.ts'

/** The gate, with what only some callers need. */
export interface AppGate extends Gate {
  /** As `request`, but asks nobody: for the hops of a redirect. */
  allows(account: AccountRecord, caller: Caller, request: { method: string; url: URL }): boolean
  /**
   * The account that a URL's host is bound to (`found`, null: none), if the caller may send this request with it. For an
   * app a host that is bound to nothing and one that is bound to an account it may not use are the same.
   */
  bound(found: AccountRecord | null, caller: Caller, request: { method: string; url: URL }): AccountRecord | null
}

export function createGate(parts: AppParts & { book: AppBook; asking: Asking }): AppGate {
  const { vault, accounts, catalogue, clock, book, asking } = parts
  const called = vault.remember((reference) => accountsCalled(vault, reference))

  /** Throws `unauthenticated` for an app that has ended since its key was looked at. */
  function permissionsOf(app: CallingApp) {
    const record = book.get(app.id)
    if (record === null || record.revokedAt !== null || endOf(record, clock.now()) !== null) {
      throw new LatchkeyError('unauthenticated', 'The access of this app has ended.')
    }
    return book.permissions(app.id)
  }

  function may(app: CallingApp, accountId: string | null, right: Right, request?: { method: string; url: URL }) {
    return allows(permissionsOf(app), { accountId, right, ...(request ? { request } : {}) }, clock.now())
  }

  /** Whether there is anything that the app may do with the account, and so no secret that it is there. */
  function knows(app: CallingApp, accountId: string): boolean {
    const now = clock.now()
    return permissionsOf(app).some((it) => it.accountId === accountId && (it.until === null || it.until > now))
  }

  function account(reference: string, caller: Caller, right: Right, attempt?: Attempt): AccountRecord {
    const app = appOf(caller)
    if (app === null) return accounts.resolve(reference)
    const found = called(reference)
    const usable = found.filter(({ id }) => may(app, id, right))
    const [one] = usable
    if (one !== undefined && usable.length === 1) return one
    if (one !== undefined) throw ambiguousAccount(usable, plainText(reference, 300))
    throw refuse(app, right, wantFor(app, reference, found, right, attempt))
  }

  /**
   * An account that the app knows is one question however the app calls it. Any other is asked about in the app's own
   * words alone: one code for two names would tell that both are the same account, and so that it is there.
   */
  function wantFor(
    app: CallingApp,
    reference: string,
    found: readonly AccountRecord[],
    right: Right,
    attempt: Attempt | undefined,
  ): AskedFor {
    const [one] = found
    const known = one !== undefined && found.length === 1 && knows(app, one.id) ? one.id : null
    return {
      account: known ?? (plainText(reference, 300) || '?'),
      provider: one?.providerId ?? providerOf(reference),
      rights: [right],
      ...(attempt === undefined || right !== 'request' ? open : narrowingOf(attempt.method, attempt.url)),
    }
  }

  /** `github` or `github:ada`, where the person has no such account yet: what would have to be connected. */
  function providerOf(reference: string): string | null {
    const [id = ''] = reference.split(':', 1)
    return catalogue.list().some((definition) => definition.id === id) ? id : null
  }

  function providerAt(host: string): string | null {
    return catalogue.list().find(({ api }) => api.hosts.includes(host))?.id ?? null
  }

  function refuse(app: CallingApp, right: Right, want: AskedFor): LatchkeyError {
    const raised = asking.raise(app, want)
    const no = raised.kind === 'refused' ? ' The person said no to it.' : ''
    return new LatchkeyError('forbidden', `${app.name} may not ${deeds[right]}.${no}`, { action: wayOut(raised) })
  }

  return {
    account,

    request(record, caller, request) {
      const app = appOf(caller)
      if (app === null || may(app, record.id, 'request', request)) return
      throw refuse(app, 'request', {
        account: record.id,
        provider: record.providerId,
        rights: ['request'],
        ...narrowingOf(request.method, request.url),
      })
    },

    allows(record, caller, request) {
      const app = appOf(caller)
      return app === null || may(app, record.id, 'request', request)
    },

    bound(found, caller, request) {
      const app = appOf(caller)
      if (app === null || (found !== null && may(app, found.id, 'request', request))) return found
      const entry = parseHost(request.url.host)
      const host = entry === null ? '' : hostText(entry)
      const want = { account: null, provider: found?.providerId ?? providerAt(host), rights: ['request' as const] }
      throw refuse(app, 'request', { ...want, ...narrowingOf(request.method, request.url) })
    },

    connect(input, caller) {
      const app = appOf(caller)
      if (app === null) return
      // What is exchanged for a new token is the other account's own.
      if (input.subject_account !== undefined) account(input.subject_account, caller, 'token')
      if (input.account !== undefined) account(input.account, caller, 'connect')
      else if (!may(app, null, 'connect')) {
        throw refuse(app, 'connect', { account: null, provider: providerIn(input), rights: ['connect'], ...open })
      }
    },

    visible(caller) {
      const app = appOf(caller)
      if (app === null) return null
      const now = clock.now()
      const seen = permissionsOf(app).filter(
        ({ accountId, until, rights }) => accountId !== null && rights.includes('see') && (until ?? now + 1) > now,
      )
      return new Set(seen.flatMap(({ accountId }) => accountId ?? []))
    },
  }

  function providerIn({ provider, registration }: CheckedInput<'connect.start'>): string | null {
    const id = provider ?? (registration === undefined ? null : vault.registrations.get(registration)?.providerId)
    return id === null || id === undefined ? null : providerOf(id)
  }
}

/** null: whoever acts for the person. */
function appOf({ kind, app }: Caller): CallingApp | null {
  if (kind !== 'app') return null
  if (app !== undefined) return app
  throw new LatchkeyError('unauthenticated', 'It is not known which app this is.')
}

const open = { hosts: [], methods: [], pathPrefix: null }

const deeds: Record<Right, string> = {
  see: 'see an account of this name',
  request: 'send this request',
  token: 'get tokens of an account of this name',
  manage: 'manage an account of this name',
  connect: 'start this sign-in',
}

/** The same whether the account is there or not. */
function wayOut(raised: Raised): ErrorAction {
  if (raised.kind === 'asked') {
    return {
      text: `The person has been asked. The question has the code ${raised.code}.`,
      url: `latchkey://asks/${raised.code}`,
      command: `latchkey pair approve ${raised.code}`,
    }
  }
  const text =
    raised.kind === 'refused'
      ? 'They are not asked again for a day. They can grant it on the Apps page.'
      : 'Too many questions of this app wait for the person already. They are on the Apps page.'
  return { text, url: 'latchkey://apps', command: 'latchkey apps' }
}
