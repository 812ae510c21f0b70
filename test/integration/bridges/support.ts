import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { until } from '../../../electron/cli/demo/until.ts'
import { registrationInputSchema } from '../../../shared/contract.ts'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  startAuthorizationServer,
} from '../../doubles/authorization-server.ts'
import { type Host, startHost } from '../whole/host.ts'

const cli = path.join(import.meta.dirname, '../../../electron/cli.ts')
const never = new AbortController().signal

export function freshFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lk-bridges-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function freshHost(): Promise<Host> {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  return host
}

/** A folder for PATH in which `latchkey` is the command line of this checkout. */
export function latchkeyOnPath(): string {
  const folder = freshFolder()
  const script = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`
  fs.writeFileSync(path.join(folder, 'latchkey'), script, { mode: 0o755 })
  return folder
}

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end, with nothing in its environment but PATH, HOME and what is given. */
export function run(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; input?: string | Buffer; cwd?: string } = {},
): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: os.tmpdir(), ...options.env }
  const child = spawn(command, args, { env, cwd: options.cwd })
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...out }))
  })
}

/** The command line as a process of its own. */
export const latchkey = (home: string, args: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}) =>
  run(process.execPath, [cli, ...args], { ...options, env: { LATCHKEY_HOME: home, ...options.env } })

/** The same, for what does not end by itself. */
export const startLatchkey = (home: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, LATCHKEY_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Whether a program is on this machine; tests with real clients are left out where it is not. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['-h']).error === undefined

export interface Forge {
  server: AuthorizationServer
  /** Whether the token is good, as the server itself says (OpenID Connect Core 5.3). */
  accepts(token: string): Promise<boolean>
  /** Connects an account there and gives its id. */
  connect(user: string, alias?: string): Promise<string>
}

/** A provider of a person's own with repositories, on a real authorization server, and a registration there. */
export async function forge(
  host: Host,
  git?: { hosts: string[]; username: string },
  options: AuthorizationServerOptions = {},
): Promise<Forge> {
  const server = await startAuthorizationServer(options)
  onTestFinished(() => server.close())
  const definition = server.definition({
    id: 'forge',
    name: 'Forge',
    grants: ['password'],
    evidence: 'unverified',
    sign_in: { via: 'window' },
    ...(git ? { git } : {}),
  })
  await host.latchkey.dispatch('providers.save', { definition }, { kind: 'owner' })
  await host.client.saveRegistration(
    registrationInputSchema.parse({
      provider_id: 'forge',
      name: 'Mine',
      client_id: server.clientId,
      client_authentication: 'none',
      scopes: ['openid', 'profile', 'email', 'offline_access'],
    }),
  )
  return {
    server,
    async accepts(token) {
      const answer = await fetch(`${server.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })
      await answer.body?.cancel()
      return answer.ok
    },
    async connect(user, alias) {
      server.passwords.set(user, 'correct horse battery staple')
      const started = await host.client.connect({
        provider: 'forge',
        grant: 'password',
        username: user,
        password: 'correct horse battery staple',
        ...(alias ? { alias } : {}),
      })
      return connected(host, started.id)
    },
  }
}

/** Waits until a sign-in that needs nobody has been completed, and gives the account's id. */
export function connected(host: Host, flow: string): Promise<string> {
  return until('the account is connected', 10_000, never, async () => {
    const { state, failure, account_id } = await host.client.flow(flow)
    if (failure) throw new Error(failure.message)
    return state === 'completed' ? account_id : null
  })
}
