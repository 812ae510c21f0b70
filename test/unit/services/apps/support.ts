import { onTestFinished } from 'vitest'
import { createEventBus } from '../../../../electron/platform/events.ts'
import { loadCatalogue } from '../../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../../electron/services/accounts.ts'
import { createActivity } from '../../../../electron/services/activity.ts'
import { createApps } from '../../../../electron/services/apps/index.ts'
import type { Caller } from '../../../../electron/services/ports.ts'
import type { Origin } from '../../../../electron/services/ports-apps.ts'
import { destinationPolicy } from '../../../../electron/signer/policy.ts'
import {
  type CallerFacts,
  type PermissionInput,
  pairInputSchema,
  permissionInputSchema,
} from '../../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../../shared/errors.ts'
import type { LatchkeyEvent } from '../../../../shared/models.ts'
import { account, noLog, seed, settableClock, unlocked } from '../../vault/support.ts'

export const owner: Caller = { kind: 'cli' }

export const facts = (changes: Partial<CallerFacts> = {}): CallerFacts => ({
  transport: 'socket',
  pid: 4242,
  user: 'ada',
  process: 'python3',
  executable: '/usr/bin/python3',
  script: '/home/ada/backup.py',
  started_by: ['bash'],
  ...changes,
})

export const origin = (about: CallerFacts | null = facts()): Origin => ({
  transport: 'socket',
  facts: async () => about,
  userAgent: 'backup/1.0',
})

export const backup = { name: 'Backup', purpose: 'Copies the mail every night.' }

/** Apps with a real vault that holds `practice:ada` (acc_1) and `work` (acc_2). */
export async function world(options: { hosts?: string[] } = {}) {
  const clock = settableClock()
  const { vault } = await unlocked({ clock })
  seed(vault)
  const grace = { subject: 'grace', issuer: 'http://127.0.0.1:1', name: 'Grace', username: 'grace', email: null }
  vault.accounts.save(account({ id: 'acc_2', alias: 'work', identity: grace }))
  const catalogue = loadCatalogue()
  const events = createEventBus<LatchkeyEvent>()
  const seen: LatchkeyEvent[] = []
  events.on((event) => event.type !== 'activity' && seen.push(event))
  const accounts = createAccountService({ vault, catalogue, clock })
  const activity = createActivity({ vault, clock, events })
  const policy = destinationPolicy({
    hosts: options.hosts ?? ['api.example.com', '*.example.org'],
    extraHosts: [],
    baseUrl: null,
    privateNetwork: false,
  })
  const parts = { vault, accounts, catalogue, clock, events, activity, logger: noLog, policyFor: async () => policy }
  const all = createApps(parts)
  onTestFinished(() => all.close())

  const granted = (permissions: Partial<PermissionInput>[]) =>
    permissions.map((it) => permissionInputSchema.parse({ account: 'practice:ada', rights: ['see'], ...it }))

  const pair = (input: Record<string, unknown> = {}, from = origin()) =>
    all.pairing.pair(pairInputSchema.parse({ ...backup, ...input }), from)

  const approve = (ask: string, permissions: Partial<PermissionInput>[] = [], more = {}) =>
    all.apps.approve({ ask, permissions: granted(permissions), ...more }, owner)

  /** A program that has been let in, as a caller. */
  async function app(permissions: Partial<PermissionInput>[] = [], name = 'Backup', more = {}) {
    const { code, id, secret = '' } = await pair({ name })
    await approve(code, permissions, more)
    const { key = '', app_id: appId = '' } = all.pairing.look(id, secret)
    const caller: Caller = {
      kind: 'app',
      app: { id: appId, name, facts: async () => facts(), userAgent: 'backup/1.0' },
    }
    return { key, id: appId, caller }
  }

  return { ...all, clock, vault, seen, events, pair, approve, app, granted, accounts, catalogue }
}

/** What it threw, which has to be a `LatchkeyError`. */
export function refusal(work: () => unknown): LatchkeyError {
  try {
    work()
  } catch (error) {
    if (error instanceof LatchkeyError) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

/** Lets what was promised happen. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
