import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { AuthorizationServer } from '../../doubles/authorization-server.ts'
import { program } from '../../e2e/support/requirements.ts'

/** oidc-agent with one account, `bench`, loaded; `null` when it is not installed. */
export async function startOidcAgent(
  server: AuthorizationServer,
  folder: string,
  person: Record<'user' | 'password', string>,
) {
  const files = ['oidc-agent', 'oidc-gen', 'oidc-token'].map((name) => program(name))
  const [agent, generate, token] = files
  if (!agent || !generate || !token) return null
  const home = path.join(folder, 'oidc')
  mkdirSync(path.join(home, '.oidc-agent'), { recursive: true, mode: 0o700 })
  const socket = path.join(folder, 'oidc.sock')
  const env = { PATH: process.env.PATH, HOME: home, OIDC_SOCK: socket, OIDC_ENCRYPTION_PW: 'bench' }
  // Not execFileSync: the provider that is asked is in this process.
  const run = async (file: string, args: string[]) =>
    (await promisify(execFile)(file, args, { env, encoding: 'utf8', timeout: 30_000 })).stdout
  const { dpid } = JSON.parse(await run(agent, ['--json', '--no-webserver', '-a', socket])) as { dpid: string }
  const stop = () => {
    try {
      process.kill(Number(dpid))
    } catch {
      // It has ended by itself.
    }
  }
  try {
    await run(generate, [
      'bench',
      '--manual',
      `--iss=${server.issuer}`,
      `--client-id=${server.clientId}`,
      `--client-secret=${server.clientSecret}`,
      '--scope=openid offline_access profile',
      '--redirect-uri=http://localhost:8765',
      '--flow=password',
      `--op-username=${person.user}`,
      `--op-password=${person.password}`,
      '--prompt=none',
      '--pw-env',
      '--confirm-yes',
    ])
    // The first one may still go to the provider.
    await run(token, ['bench'])
  } catch (error) {
    stop()
    throw error
  }
  return { command: token, args: ['bench'], env, stop }
}
