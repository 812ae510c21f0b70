import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import type { ClientSettings } from '../../../electron/oauth/ports.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createLogger } from '../../../electron/platform/logger.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import type { ActivityEntry } from '../../../electron/services/ports-apps.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import type { KeyGuard, TokenSet } from '../../../electron/vault/ports.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { type AuthorizationServerOptions, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { settingsFor, signIn } from '../oauth/support.ts'

export const accountId = 'acc_0000000000000000'
const registrationId = 'reg_0000000000000000'

/** Opens at once: what a passphrase costs is for the vault's own tests. */
const guard: KeyGuard = {
  kind: 'os-keyring',
  wrap: async (dataKey) => ({ wrapped: dataKey.map((byte) => byte ^ 0x5a), params: {} }),
  unwrap: async (wrapped) => ({ dataKey: wrapped.map((byte) => byte ^ 0x5a), rewrap: false }),
}

/**
 * A real authorization server, a real vault in a file of its own, and the token service between them, with one account
 * signed in. `clock.advance` is the only thing that is not real.
 */
export async function startBench(options: AuthorizationServerOptions & { timeoutMs?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-tokens-'))
  const file = join(folder, 'vault.db')
  const server = await startAuthorizationServer(options)
  let offset = 0
  const clock = {
    now: () => Date.now() + offset,
    /** Seconds. */
    advance: (seconds: number) => {
      offset += seconds * 1000
    },
  }
  const settings: ClientSettings = settingsFor(server)
  const opened: { close(): void }[] = []
  onTestFinished(async () => {
    for (const vault of opened) vault.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Everything that a process has: called again, it is Latchkey after a restart. */
  async function start() {
    const logger = createLogger({ file: null, level: 'error' })
    const vault = openVault({ file, clock, logger })
    opened.push(vault)
    if (vault.status().state === 'new') await vault.create(guard)
    else await vault.unlock(guard)
    const emitted: LatchkeyEvent[] = []
    const noted: ActivityEntry[] = []
    const events = createEventBus<LatchkeyEvent>()
    events.on((event) => emitted.push(event))
    const oauth = createOAuth({ network: createNetwork({ timeoutMs: options.timeoutMs ?? 10_000 }), clock })
    const tokens = createTokenService({
      vault,
      oauth,
      settings: async () => settings,
      clock,
      events,
      activity: { add: (entry) => void noted.push(entry) },
      logger,
    })
    return { vault, tokens, emitted, noted, unlock: () => vault.unlock(guard) }
  }

  const first = await start()
  const now = clock.now()
  first.vault.registrations.save(
    {
      id: registrationId,
      providerId: 'test',
      name: 'Test',
      description: '',
      clientId: server.clientId,
      clientAuthentication: 'none',
      scopes: [],
      variables: {},
      extraHosts: [],
      fallbackExpiry: null,
      enabled: true,
      options: {},
      createdAt: now,
      updatedAt: now,
    },
    undefined,
  )
  first.vault.accounts.save({
    id: accountId,
    registrationId,
    providerId: 'test',
    alias: 'test:ada',
    identity: null,
    scopesRequested: [],
    grant: 'authorization_code',
    enabled: true,
    validation: null,
    trouble: null,
    createdAt: now,
    lastUsedAt: null,
    lastRefreshAt: null,
  })

  async function connect(): Promise<TokenSet> {
    const { tokens } = await signIn(settings)
    first.vault.tokens.put(accountId, tokens)
    return tokens
  }
  const signedIn = await connect()

  return { ...first, file, server, clock, settings, signedIn, connect, restart: start }
}

/** What a promise rejects with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => {
      throw new Error(`It gave ${JSON.stringify(value)} instead of failing.`)
    },
    (error: unknown) => error,
  )
}
