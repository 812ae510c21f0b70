import type { Command } from 'commander'
import type { Session } from '../session.ts'

/**
 * Where each command is defined. A part is loaded when one of its commands is wanted, and all of them where the whole
 * command line is shown; the order here is the order there. A test holds the names against what the parts define.
 */
export interface CommandPart {
  names: string[]
  load: () => Promise<AddCommands>
}

/** Adds commands to the program. `whole` gives a program with all commands, as they are documented. */
export type AddCommands = (program: Command, session: Session, whole: () => Promise<Command>) => void

export const commandParts: CommandPart[] = [
  { names: ['connect'], load: async () => (await import('./connect.ts')).addConnect },
  {
    names: ['accounts', 'account', 'inspect', 'rename', 'refresh', 'expire', 'validate', 'remove'],
    load: async () => (await import('./accounts.ts')).addAccounts,
  },
  { names: ['enable', 'disable', 'reset', 'revoke'], load: async () => (await import('./lifecycle.ts')).addLifecycle },
  { names: ['usage'], load: async () => (await import('./usage.ts')).addUsage },
  { names: ['activity'], load: async () => (await import('./activity.ts')).addActivity },
  { names: ['request'], load: async () => (await import('./request.ts')).addRequest },
  { names: ['token'], load: async () => (await import('./token.ts')).addToken },
  { names: ['bindings', 'bind', 'unbind'], load: async () => (await import('./bindings.ts')).addBindings },
  { names: ['pair'], load: async () => (await import('./pair.ts')).addPair },
  { names: ['apps', 'app'], load: async () => (await import('./apps.ts')).addApps },
  { names: ['permission'], load: async () => (await import('./permissions.ts')).addPermissions },
  {
    names: ['providers', 'provider', 'registrations', 'register', 'unregister'],
    load: async () => (await import('./providers.ts')).addProviders,
  },
  {
    names: ['git-credential', 'credential-process', 'xoauth2', 'exec', 'proxy'],
    load: async () => (await import('../bridges/index.ts')).addBridges,
  },
  { names: ['status', 'page'], load: async () => (await import('./status.ts')).addStatus },
  { names: ['lock', 'unlock'], load: async () => (await import('./vault.ts')).addVault },
  { names: ['auto-lock', 'edit-lock'], load: async () => (await import('./locking.ts')).addLocking },
  {
    names: ['export', 'import', 'backups', 'backup', 'restore'],
    load: async () => (await import('./transfer.ts')).addTransfer,
  },
  { names: ['doctor'], load: async () => (await import('./doctor.ts')).addDoctor },
  { names: ['profiles'], load: async () => (await import('./profiles.ts')).addProfiles },
  { names: ['serve'], load: async () => (await import('./serve.ts')).addServe },
  { names: ['demo'], load: async () => (await import('./demo.ts')).addDemo },
  { names: ['help', 'man', 'completion', 'complete'], load: async () => (await import('./manual.ts')).addManual },
]
