import type { ValidationSettings } from '../../shared/contract-custom.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Account } from '../../shared/models.ts'
import type { OAuth, Validation } from '../oauth/ports.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import type { AccountRecord, TokenSet, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { ClientSettingsService } from './client-settings.ts'
import { checkAccountEnabled } from './lifecycle-guard.ts'
import type { AccountService, Caller, Events, TokenService } from './ports.ts'

/** Is this token good? (D2) Asked of the provider itself, on demand and on a schedule. */
export interface ValidationService {
  /**
   * Asks the provider. A token that it does not accept is refreshed once; when that does not help, the account needs its
   * person. Throws not_found, locked, account_disabled, reauth_required (never connected), provider_unreachable,
   * provider_error, and invalid_request where the provider has no way of telling.
   */
  validate(reference: string, caller: Caller): Promise<Account>
  settings(): ValidationSettings
  configure(settings: ValidationSettings): ValidationSettings
  /** Looks once a minute for accounts that are due. Keeps no process alive. */
  start(): void
  /** Validates every account that is due. One at a time: nobody waits for it, and no provider is to be overrun. */
  tick(): Promise<void>
  stop(): void
}

export interface ValidationParts {
  vault: Vault
  oauth: Pick<OAuth, 'validate'>
  clientSettings: Pick<ClientSettingsService, 'forAccount'>
  accounts: AccountService
  tokens: Pick<TokenService, 'fresh'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
  logger: Logger
}

const settingsKey = 'validation.interval_minutes'
const minute = 60_000
/** Milliseconds for one question. */
const limit = 20_000

export function createValidationService(parts: ValidationParts): ValidationService {
  const { vault, clock, events } = parts
  /** When an account was last tried, whatever came of it: one that cannot be validated is not asked every minute. */
  const tried = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let stopped = new AbortController()

  async function ask(account: AccountRecord, tokens: TokenSet, signal: AbortSignal): Promise<Validation> {
    const settings = await parts.clientSettings.forAccount(account.id)
    const told = await parts.oauth.validate(settings, tokens, { signal })
    if (told) return told
    throw new LatchkeyError(
      'invalid_request',
      `${settings.definition.name} has no way of telling whether a token is good.`,
      {
        account: account.id,
        field: 'account',
        action: { text: 'Add a validate request, or an introspection or userinfo endpoint, to the provider.' },
      },
    )
  }

  /** What the provider says of the account's token, of a refreshed one when it does not accept the first. */
  async function judge(account: AccountRecord, signal: AbortSignal): Promise<Validation & { ended: boolean }> {
    const first = await fresh(account)
    if ('good' in first) return first
    const said = await ask(account, first.tokens, signal)
    if (said.good) return { ...said, ended: false }
    const second = await fresh(account, first.tokens.accessToken)
    if ('good' in second) return { ...second, reason: said.reason }
    if (second.tokens.accessToken === first.tokens.accessToken) return { ...said, ended: false }
    const again = await ask(account, second.tokens, signal)
    if (again.good) return { ...again, reason: `${again.reason} It was refreshed first.`, ended: false }
    giveUp(account, `${again.reason} A refreshed one fared no better.`)
    return { ...again, ended: true }
  }

  /** The token to ask about, or what it means that there is none any more. */
  async function fresh(
    account: AccountRecord,
    rejected?: string,
  ): Promise<{ tokens: TokenSet } | (Validation & { ended: true })> {
    try {
      return await parts.tokens.fresh(account.id, rejected === undefined ? {} : { rejected })
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== 'reauth_required') throw error
      if (vault.tokens.facts(account.id) === null) throw error
      return { good: false, by: 'request', reason: error.message, ended: true }
    }
  }

  function giveUp(account: AccountRecord, reason: string): void {
    const facts = vault.tokens.facts(account.id)
    if (facts === null) return
    const now = clock.now()
    vault.transaction(() => {
      vault.tokens.setExpiry(account.id, now, facts.expirySource)
      vault.accounts.setTrouble(account.id, { kind: 'reauth_required', reason, since: now, retryAt: null, failures: 0 })
    })
  }

  async function check(account: AccountRecord, actor: string, signal: AbortSignal): Promise<void> {
    checkAccountEnabled(vault, account)
    tried.set(account.id, clock.now())
    const { good, by, reason } = await judge(account, signal)
    // Removed while the provider thought about it.
    const current = vault.accounts.get(account.id)
    if (current === null) return
    const changed = current.validation?.good !== good
    vault.accounts.setValidation(account.id, { at: clock.now(), good, reason })
    // On a schedule only what is new is worth a line.
    if (changed || actor !== 'latchkey') {
      parts.activity.add({
        kind: 'validated',
        account_id: account.id,
        provider_id: account.providerId,
        actor,
        summary: `The token of ${account.alias} is ${good ? 'good' : 'not good any more'}. ${reason}`,
        detail: { good, by },
      })
    }
    const { state } = parts.accounts.view(current).status
    events.emit({ type: 'account', account_id: account.id, state })
  }

  function settings(): ValidationSettings {
    const stored = vault.settings.get(settingsKey)
    return { interval_minutes: typeof stored === 'number' ? stored : 0 }
  }

  function isDue({ id, enabled, trouble, validation }: AccountRecord, interval: number): boolean {
    if (!enabled || trouble?.kind === 'reauth_required' || vault.tokens.facts(id) === null) return false
    if ((trouble?.retryAt ?? 0) > clock.now()) return false
    return Math.max(validation?.at ?? 0, tried.get(id) ?? 0) + interval <= clock.now()
  }

  async function run(): Promise<void> {
    const interval = settings().interval_minutes * minute
    if (interval === 0) return
    for (const account of vault.accounts.list().filter((it) => isDue(it, interval))) {
      if (stopped.signal.aborted || vault.status().state !== 'unlocked') return
      try {
        const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(limit)])
        await check(account, 'latchkey', signal)
      } catch (error) {
        const code = error instanceof LatchkeyError ? error.code : 'internal'
        parts.logger.info('an account could not be validated', { account: account.id, code })
      }
    }
  }

  const service: ValidationService = {
    async validate(reference, caller) {
      const account = parts.accounts.resolve(reference)
      const time = AbortSignal.timeout(limit)
      await check(account, caller.kind, caller.signal ? AbortSignal.any([caller.signal, time]) : time)
      return parts.accounts.view(parts.accounts.resolve(account.id))
    },
    settings,
    configure({ interval_minutes }) {
      vault.settings.set(settingsKey, interval_minutes)
      return settings()
    },
    start() {
      if (timer !== null) return
      stopped = new AbortController()
      timer = setInterval(() => void service.tick(), minute).unref()
    },
    async tick() {
      if (vault.status().state !== 'unlocked') return
      running ??= run().finally(() => {
        running = null
      })
      await running
    },
    stop() {
      if (timer !== null) clearInterval(timer)
      timer = null
      stopped.abort()
    },
  }
  return service
}
