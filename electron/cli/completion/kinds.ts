import type { Client } from '../../../shared/client.ts'
import { permissionWords } from '../permissions.ts'

/** A value that can stand there, and what it is. */
export type Candidate = [value: string, means: string]

/**
 * What arguments and option values are completed with, by what stands between their brackets. Everything else the shell
 * does by itself: commands, options, choices, and the names of files.
 */
export const listers: Record<string, (client: Client) => Promise<Candidate[]>> = {
  account: async (client) =>
    (await client.accounts({ limit: 1000 })).map((it) => [it.alias, `${it.provider_name}, ${it.status.state}`]),
  app: async (client) => (await client.apps()).map((it) => [it.name, it.purpose]),
  provider: async (client) => (await client.providers()).map((it) => [it.id, it.name]),
  registration: async (client) => (await client.registrations()).map((it) => [it.id, `${it.provider_id}, ${it.name}`]),
  code: async (client) => (await client.asks()).filter((it) => it.state === 'waiting').map((it) => [it.code, it.name]),
  permission: async (client) =>
    (await client.apps()).flatMap((app) =>
      app.permissions.map((it): Candidate => [it.id, `${app.name}: ${permissionWords(it)}`]),
    ),
  backup: async (client) => (await client.vaultDetails()).backups.map((it) => [it.name, it.at]),
  'bound-host': async (client) => (await client.bindings()).map((it) => [it.host, 'bound']),
}

/** Values that are names of files or folders. */
export const fileKinds = ['file', 'folder']

/** How the value of an argument or option is completed. null: not at all. */
export function kindOf(it: { name: string; choices: string[] }): string | null {
  if (it.choices.length > 0) return `=${it.choices.join(' ')}`
  return it.name in listers || fileKinds.includes(it.name) ? it.name : null
}
