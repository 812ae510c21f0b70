import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../../electron/platform/clock.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import type { Vault } from '../../../electron/vault/ports.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { newPerson, type Person } from '../../e2e/support/person.ts'

/** A profile of its own with a real vault behind a passphrase, and what the headless host needs to open it. */
export interface Profile extends Person {
  paths: ReturnType<typeof profilePaths>
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

/** Makes a profile and fills its vault, before any host runs on it. */
export async function newProfile(fill: (vault: Vault) => void): Promise<Profile> {
  const person = newPerson()
  const paths = profilePaths(person.env)
  const passphrase = randomBytes(12).toString('base64url')
  const file = path.join(person.folder, 'passphrase')
  writeFileSync(file, `${passphrase}\n`, { mode: 0o600 })
  person.env.LATCHKEY_PASSPHRASE_FILE = file
  const vault = openVault({ file: paths.vault, clock: systemClock, logger: quiet })
  await vault.create(passphraseGuard(passphrase))
  vault.transaction(() => fill(vault))
  vault.close()
  return { ...person, paths }
}

/** A provider of the person's own whose API is at this loopback port. */
export function addProvider(vault: Vault, apiPort: number): void {
  const origin = `http://127.0.0.1:${apiPort}`
  const definition: Definition = {
    id: 'bench',
    name: 'Bench',
    category: 'other',
    description: 'What requests are measured against.',
    evidence: 'unverified',
    sources: [],
    endpoints: { authorization: `${origin}/authorize`, token: `${origin}/token` },
    client: 'registration',
    client_authentication: ['client_secret_basic'],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser', reason: 'Nobody signs in.' },
    identity: { sources: ['token_answer'], subject: ['sub'] },
    api: {
      base_url: origin,
      hosts: [`127.0.0.1:${apiPort}`],
      private_network: true,
      header: { name: 'Authorization', prefix: 'Bearer ' },
    },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
  const now = Date.now()
  vault.providers.save({
    id: 'bench',
    definition: JSON.stringify(definition),
    createdAt: now,
    updatedAt: now,
  })
  vault.registrations.save(
    {
      id: 'reg_bench',
      providerId: 'bench',
      name: 'Bench',
      description: '',
      clientId: 'bench',
      clientAuthentication: 'client_secret_basic',
      scopes: ['read', 'write'],
      variables: {},
      extraHosts: [],
      fallbackExpiry: null,
      enabled: true,
      options: {},
      createdAt: now,
      updatedAt: now,
    },
    randomBytes(24).toString('base64url'),
  )
}

/** Accounts with tokens that are good for a day: `bench-0`, `bench-1`, … */
export function addAccounts(vault: Vault, count: number, accessToken = randomBytes(24).toString('base64url')): void {
  const now = Date.now()
  for (let n = 0; n < count; n++) {
    const id = `acc_bench_${n}`
    const name = `person-${n}`
    vault.accounts.save({
      id,
      registrationId: 'reg_bench',
      providerId: 'bench',
      alias: `bench-${n}`,
      identity: { subject: name, issuer: null, name, username: name, email: `${name}@example.com` },
      scopesRequested: ['read', 'write'],
      grant: 'authorization_code',
      enabled: true,
      validation: null,
      trouble: null,
      createdAt: now,
      lastUsedAt: null,
      lastRefreshAt: null,
    })
    vault.tokens.put(id, {
      accessToken,
      refreshToken: randomBytes(24).toString('base64url'),
      idToken: null,
      tokenType: 'Bearer',
      scopes: ['read', 'write'],
      obtainedAt: now,
      expiresAt: now + 86_400_000,
      expirySource: 'expires_in',
    })
  }
}
