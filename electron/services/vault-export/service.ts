import type { z } from 'zod'
import type { ImportReport, vaultContract } from '../../../shared/contract-vault.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Clock } from '../../platform/ports.ts'
import type { Vault } from '../../vault/ports.ts'
import type { ActivityLog } from '../activity.ts'
import { actorOf } from '../actor.ts'
import type { Cost } from '../export-secrets.ts'
import type { AccountService, Caller, Events, TokenService } from '../ports.ts'
import type { OwnCatalogue } from '../provider-catalogue.ts'
import { collect } from './collect.ts'
import { type Contents, checkContents, readContents } from './contents.ts'
import { openExport, sealExport } from './format.ts'
import { applyPlan, type Plan, planImport } from './merge.ts'
import type { Rule } from './merge-accounts.ts'

type Input<M extends 'vault.export' | 'vault.import'> = z.output<(typeof vaultContract)[M]['input']>

/** F15: accounts with all that they need, to one encrypted file and back (docs/export-format.md). */
export interface VaultExportService {
  /** `document`: base64. Throws `invalid_request` (field `accounts`), not_found, ambiguous_account, locked. */
  export(input: Input<'vault.export'>, caller: Caller): Promise<{ document: string; accounts: number }>
  /** All of it or nothing. Throws `invalid_request` (field `document` or `passphrase`), locked. */
  import(input: Input<'vault.import'>, caller: Caller): Promise<ImportReport>
}

export interface VaultExportParts {
  vault: Vault
  catalogue: OwnCatalogue
  accounts: Pick<AccountService, 'resolve' | 'view'>
  tokens: Pick<TokenService, 'hold'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
  /** For tests: what a passphrase costs. */
  cost?: Cost
}

export function createVaultExport(parts: VaultExportParts): VaultExportService {
  const { vault, catalogue, clock, events } = parts

  function note(
    caller: Caller,
    summary: string,
    detail: Record<string, string | number>,
    accountId: string | null = null,
  ) {
    const about = { account_id: accountId, provider_id: null }
    parts.activity.add({ kind: 'vault', ...about, ...actorOf(caller), summary, detail })
  }

  /** No refresh of an account that is replaced may be under way: its answer would take the place of what was imported. */
  async function whileHeld<T>(plan: () => Plan, work: (plan: Plan) => T): Promise<T> {
    const held = new Map<string, () => void>()
    try {
      for (;;) {
        const planned = plan()
        const waiting = planned.accounts.flatMap(({ write }) =>
          write?.replaces && !held.has(write.record.id) ? [write.record.id] : [],
        )
        if (waiting.length === 0) return work(planned)
        await Promise.all(waiting.map(async (id) => void held.set(id, await parts.tokens.hold(id))))
      }
    } finally {
      for (const release of held.values()) release()
    }
  }

  function announce(plan: Plan): void {
    for (const { id } of plan.providers) events.emit({ type: 'provider', provider_id: id })
    for (const { record } of plan.registrations) events.emit({ type: 'registration', registration_id: record.id })
    for (const { write } of plan.accounts) {
      const account = write === null ? null : vault.accounts.get(write.record.id)
      if (account === null) continue
      events.emit({ type: 'account', account_id: account.id, state: parts.accounts.view(account).status.state })
    }
    for (const { record } of plan.webhooks) {
      events.emit({ type: 'webhook', endpoint_id: record.id, delivery_id: null })
    }
  }

  return {
    async export({ passphrase, accounts }, caller) {
      const chosen =
        accounts === undefined
          ? null
          : [...new Map(accounts.map((it) => parts.accounts.resolve(it)).map((it) => [it.id, it])).values()]
      const contents = collect({ vault, catalogue, now: clock.now() }, chosen)
      checkContents(contents)
      const plain = Buffer.from(JSON.stringify(contents))
      const sealed = await sealExport(plain, passphrase, parts.cost).finally(() => plain.fill(0))
      if (vault.status().state !== 'unlocked') {
        throw new LatchkeyError('locked', 'The vault was locked while the export was made.')
      }
      const count = contents.accounts.length
      const only = count === 1 ? contents.accounts[0] : undefined
      const what = only?.alias ?? `${chosen === null ? 'The profile with ' : ''}${count} accounts`
      const names = contents.accounts.slice(0, 20).map(({ alias }) => alias)
      const detail = { accounts: names.join(', ') + (count > names.length ? ', …' : '') }
      note(caller, `${what} went to an encrypted export, with all tokens`, detail, only?.id)
      return { document: sealed.toString('base64'), accounts: count }
    },

    async import({ document, passphrase, existing }, caller) {
      const opened = await openExport(Buffer.from(document, 'base64'), passphrase)
      let contents: Contents
      try {
        contents = readContents(opened)
      } finally {
        opened.fill(0)
      }
      const rule: Rule = existing
      const plan = await whileHeld(
        () => planImport(parts, contents, rule),
        (planned) => {
          vault.transaction(() => applyPlan(vault, planned, clock.now()))
          return planned
        },
      )
      catalogue.changed()
      const reports = plan.accounts.map(({ report }) => report)
      const count = (...outcomes: string[]) => reports.filter(({ outcome }) => outcomes.includes(outcome)).length
      note(caller, 'An encrypted export was imported', {
        added: count('added', 'renamed'),
        replaced: count('replaced'),
        kept: count('kept'),
        left_out: count('left_out'),
        providers: plan.providers.length,
        registrations: plan.registrations.length,
        routes: plan.routes.length,
        bindings: plan.bindings.length,
        webhooks: plan.webhooks.length,
      })
      announce(plan)
      return {
        created_at: new Date(contents.created_at).toISOString(),
        accounts: reports,
        registrations: plan.registrations.length,
        providers: plan.providers.length,
      }
    },
  }
}
