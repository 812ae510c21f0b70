import type { Vault } from '../../vault/ports.ts'
import type { AppRecord, PermissionRecord } from '../../vault/ports-apps.ts'
import { isKey, sameHash, secretHash } from './code.ts'

/** Apps and permissions in memory, so that every call of an app can be judged within microseconds. */
export interface AppBook {
  /** Revoked ones too, so that their keys can be told what became of them. Throws `locked`. */
  byKey(key: string): AppRecord | null
  get(id: string): AppRecord | null
  /** Those that are not revoked. */
  list(): AppRecord[]
  /** All permissions of the app, whether their time is over or not. */
  permissions(appId: string): readonly PermissionRecord[]
  /** Notes when it was used; written at most once a minute. */
  used(app: AppRecord, at: number): void
  /** After every change of what is stored, and on lock. */
  forget(): void
}

interface Pages {
  byId: Map<string, AppRecord>
  byHash: Map<string, AppRecord>
  permissions: Map<string, PermissionRecord[]>
}

const none: readonly PermissionRecord[] = []

export function createAppBook({ vault }: { vault: Pick<Vault, 'apps' | 'status'> }): AppBook {
  let read: Pages | null = null

  function pages(): Pages {
    // A locked vault must not be answered for from memory.
    if (read !== null && vault.status().state === 'unlocked') return read
    read = null
    const apps = vault.apps.list()
    const permissions = new Map<string, PermissionRecord[]>()
    for (const permission of vault.apps.permissions()) {
      const known = permissions.get(permission.appId)
      if (known === undefined) permissions.set(permission.appId, [permission])
      else known.push(permission)
    }
    read = {
      byId: new Map(apps.map((app) => [app.id, app])),
      byHash: new Map(apps.map((app) => [app.keyHash.toString('hex'), app])),
      permissions,
    }
    return read
  }

  return {
    byKey(key) {
      const { byHash } = pages()
      if (!isKey(key)) return null
      const hash = secretHash(key)
      const app = byHash.get(hash.toString('hex'))
      return app !== undefined && sameHash(app.keyHash, hash) ? app : null
    },
    get: (id) => pages().byId.get(id) ?? null,
    list: () => [...pages().byId.values()].filter(({ revokedAt }) => revokedAt === null),
    permissions: (appId) => pages().permissions.get(appId) ?? none,
    used(app, at) {
      app.lastUsedAt = at
      vault.apps.touchUsed(app.id, at)
    },
    forget() {
      read = null
    },
  }
}
