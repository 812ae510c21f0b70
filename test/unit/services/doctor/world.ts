import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createNetwork } from '../../../../electron/platform/network.ts'
import { createBadge } from '../../../../electron/services/badge.ts'
import { createLatchkeyDoctor, type DoctorParts } from '../../../../electron/services/doctor/index.ts'
import type { DoctorCheck } from '../../../../shared/contract-vault.ts'
import { doctorCheckSchema } from '../../../../shared/contract-vault.ts'
import { cheapGuard, freshFolder, noLog, settableClock, unlocked } from '../../vault/support.ts'

/** A real provider's answer to anything, with a clock that can be wrong. */
export async function provider(ahead = 0): Promise<string> {
  const server = http.createServer((_, response) => {
    response.writeHead(404, { date: new Date(Date.now() + ahead).toUTCString() }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An address where nobody is. */
export async function nobody(): Promise<string> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** A healthy profile with a vault, and the doctor that looks at it. `issuers`: of providers that have accounts. */
export async function patient(changes: Partial<DoctorParts> = {}, issuers: Record<string, string> = {}) {
  const home = freshFolder()
  const file = path.join(home, 'vault.db')
  const { vault } = await unlocked({ file, guard: cheapGuard(), clock: settableClock() })
  const paths = {
    home,
    vault: file,
    endpoint: path.join(home, 'endpoint.json'),
    socket: path.join(home, 'latchkey.sock'),
    ownerKey: path.join(home, 'owner.key'),
  }
  const api = { http: 'http://127.0.0.1:47321', socket: paths.socket }
  fs.writeFileSync(paths.endpoint, JSON.stringify({ version: 1, pid: process.pid, ...api }), { mode: 0o600 })
  fs.writeFileSync(paths.socket, '', { mode: 0o600 })
  fs.writeFileSync(paths.ownerKey, 'key', { mode: 0o600 })
  const network = createNetwork({})
  onTestFinished(() => network.close())
  for (const id of Object.keys(issuers)) addAccount(vault, id)
  const definition = (id: string) => ({ id, name: id, issuer: issuers[id], variables: [], api: {} })
  const parts = {
    vault,
    catalogue: { get: definition },
    clientSettings: {
      forRegistration: async (id: string) => ({
        definition: definition(id.replace('reg_', '')),
        variables: {},
        route: { privateNetwork: false, loopback: true, allow: null },
      }),
    },
    network,
    clock: { now: () => Date.now() },
    guards: [],
    badge: createBadge({ memoryOnly: false, passphraseInFile: false }),
    paths,
    api: () => api,
    memoryOnly: false,
    version: '1.2.3',
    host: 'headless',
    env: {},
    logger: noLog,
    ...changes,
  } as unknown as DoctorParts
  const run = createLatchkeyDoctor(parts)
  return {
    home,
    paths,
    vault,
    parts,
    run,
    async check(id: string): Promise<DoctorCheck> {
      const found = (await run()).find((it) => it.id === id)
      return doctorCheckSchema.parse(found)
    },
  }
}

function addAccount(vault: DoctorParts['vault'], provider: string): void {
  const at = { createdAt: 1, updatedAt: 1 }
  vault.registrations.save(
    {
      id: `reg_${provider}`,
      providerId: provider,
      name: provider,
      description: '',
      clientId: 'c',
      clientAuthentication: 'none',
      scopes: [],
      variables: {},
      extraHosts: [],
      fallbackExpiry: null,
      enabled: true,
      options: {},
      ...at,
    },
    'a client secret',
  )
  vault.accounts.save({
    id: `acc_${provider}`,
    registrationId: `reg_${provider}`,
    providerId: provider,
    alias: `${provider}:ada`,
    identity: null,
    scopesRequested: [],
    grant: 'authorization_code',
    enabled: true,
    validation: null,
    trouble: null,
    createdAt: 1,
    lastUsedAt: null,
    lastRefreshAt: null,
  })
}
