import fs from 'node:fs'
import { createOAuth } from '../../electron/oauth/oauth.ts'
import type { ClientSettings } from '../../electron/oauth/ports.ts'
import { systemClock } from '../../electron/platform/clock.ts'
import { createEventBus } from '../../electron/platform/events.ts'
import { createNetwork } from '../../electron/platform/network.ts'
import { catalogueOf } from '../../electron/providers/catalogue.ts'
import { createAccountService } from '../../electron/services/accounts.ts'
import { createActivity } from '../../electron/services/activity.ts'
import type { Attempt } from '../../electron/services/connect-attempt.ts'
import { keepGrant } from '../../electron/services/connect-grant.ts'
import { createOwnCatalogue } from '../../electron/services/provider-catalogue.ts'
import { createTokenService } from '../../electron/services/tokens.ts'
import { createVaultExport } from '../../electron/services/vault-export/service.ts'
import { openVault } from '../../electron/vault/vault.ts'
import type { LatchkeyEvent } from '../../shared/models.ts'
import { account, cheapGuard, noLog, registration, tokens } from '../unit/vault/fixtures.ts'

export const guard = () => cheapGuard()
export const userPassword = 'a password of the tests'
export const filePassphrase = 'a passphrase for the file'
export const owner = { kind: 'owner' } as const
export const registrationId = 'reg_crash00000000000'
const scopes = ['openid', 'offline_access', 'api']
const github = new URL('../../electron/providers/catalog/github.json', import.meta.url)
const shipped = catalogueOf({ 'github.json': JSON.parse(fs.readFileSync(github, 'utf8')) as unknown })
const cost = { n: 16, r: 1, p: 1 }

/** What one process has of Latchkey: the real vault, and the real services that this test is about. */
export type Parts = Awaited<ReturnType<typeof openParts>>

/** Opens and unlocks a vault; a new one is set up. What was cut off is not taken up before `tokens.recover()`. */
export async function openParts(file: string, settings: ClientSettings) {
  const clock = systemClock
  const vault = openVault({ file, clock, logger: noLog })
  const { state, reason } = await (vault.status().state === 'new' ? vault.create(guard()) : vault.unlock(guard()))
  if (state !== 'unlocked') throw new Error(`The vault does not open: ${reason}`)
  const network = createNetwork({ timeoutMs: 20_000 })
  const oauth = createOAuth({ network, clock })
  const events = createEventBus<LatchkeyEvent>()
  const activity = createActivity({ vault, clock, events })
  const parts = { vault, clock, events, activity, logger: noLog }
  const tokenService = createTokenService({ ...parts, oauth, settings: async () => settings })
  const catalogue = createOwnCatalogue(shipped, { vault, logger: noLog })
  const accounts = createAccountService({ vault, catalogue, clock })
  const transfer = createVaultExport({ ...parts, catalogue, accounts, tokens: tokenService, cost })

  /** A new sign-in, kept as a sign-in in the browser is. `accountId`: for an account that is there already. */
  async function connect(name: string, accountId?: string): Promise<string> {
    const request = { grant: 'password', username: name, password: userPassword } as const
    const run = { scopes, signal: new AbortController().signal, trace: () => undefined }
    const granted = await oauth.obtain(settings, request, run)
    const found = vault.registrations.get(registrationId)
    const known = accountId === undefined ? null : vault.accounts.get(accountId)
    const verdict = known === null ? ({ kind: 'create' } as const) : ({ kind: 'update', account: known } as const)
    const target = { registration: found, definition: settings.definition }
    // What `keepGrant` reads of a sign-in. An authorization code leaves nothing to sign in with once more by itself.
    const attempt = { target, scopes, grant: 'authorization_code', credentials: {}, alias: name } as unknown as Attempt
    return keepGrant(parts, attempt, verdict, granted).account.id
  }

  return {
    vault,
    tokens: tokenService,
    transfer,
    connect,
    async close() {
      vault.close()
      await network.close()
    },
  }
}

/** Registers the client, and signs these people in. Gives their accounts. */
export async function fillVault(parts: Parts, clientId: string, people: readonly string[]): Promise<string[]> {
  const client = { id: registrationId, providerId: 'test', clientId, clientAuthentication: 'none', scopes } as const
  parts.vault.registrations.save(registration({ ...client, fallbackExpiry: null }), undefined)
  // Enough values that sealing all of them anew takes several transactions.
  parts.vault.transaction(() => {
    for (let n = 0; n < 1200; n++) parts.vault.records.put('crash', `${n}`, `record ${n}`, null)
  })
  const ids: string[] = []
  for (const name of people) ids.push(await parts.connect(name))
  return ids
}

export const importedAccounts = ['one', 'two', 'three', 'four'].map((name) => `acc_${name.padEnd(16, '0')}`)
const importedRegistration = 'reg_imported00000000'

/** The imported accounts with tokens that name this edition, so that a half of one and a half of another shows. */
export function fillForExport({ vault }: Parts, edition: string): void {
  const client = { id: importedRegistration, providerId: 'github', clientAuthentication: 'client_secret_post' } as const
  vault.registrations.save(registration({ ...client, variables: {}, extraHosts: [] }), `secret of ${edition}`)
  for (const [index, id] of importedAccounts.entries()) {
    const identity = { subject: id, issuer: null, name: id, username: id, email: null }
    const alias = `imported ${index}`
    vault.accounts.save(account({ id, alias, identity, registrationId: importedRegistration, providerId: 'github' }))
    vault.tokens.put(id, tokens({ accessToken: `access of ${edition}`, refreshToken: `refresh of ${edition}` }))
  }
}

/** Which editions the imported accounts are of; empty before the first import. */
export function editionsOf({ vault }: Pick<Parts, 'vault'>): string[] {
  return importedAccounts.flatMap((id) => {
    const found = vault.tokens.get(id)
    return found === null ? [] : [`${found.accessToken.at(-1)}${found.refreshToken?.at(-1)}`]
  })
}
