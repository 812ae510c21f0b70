import Database from 'better-sqlite3'
import { LatchkeyError } from '../../shared/errors.ts'
import type { VaultStatus } from '../../shared/models.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { createBackupStore, createRestore } from './backup-store.ts'
import { createDataKey, ForeignKey } from './data-key.ts'
import { type Db, durably, notAVault, openDatabase } from './database.ts'
import { createMemory } from './memory.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable, type KeyStore, type Vault } from './ports.ts'
import { createResealing } from './rotation.ts'
import type { Sealer } from './sealing.ts'
import { namedAtStart, namedFailure, naming, storageTrouble } from './storage-failures.ts'
import { accountStore } from './stores/accounts.ts'
import { activityStore } from './stores/activity.ts'
import { appStore } from './stores/apps.ts'
import { askStore } from './stores/asks.ts'
import { bindingStore } from './stores/bindings.ts'
import { networkRouteStore } from './stores/network-routes.ts'
import { providerStore } from './stores/providers.ts'
import { recordStore } from './stores/records.ts'
import { registrationStore } from './stores/registrations.ts'
import { settingsStore } from './stores/settings.ts'
import { tokenStore } from './stores/tokens.ts'
import { webhookStore } from './stores/webhooks.ts'

interface Explanation {
  reason: string
  remedy: string
}

const guardNames: Record<KeyGuard['kind'], string> = {
  'safe-storage': "this computer's key store",
  'os-keyring': "this computer's keyring",
  passphrase: 'a passphrase',
}

const firstSteps: Explanation = {
  reason: 'There is no vault yet.',
  remedy: 'Choose a passphrase that will protect it.',
}

/** The passphrase was right for its slot, so it is the file that is not as it was. */
const mixedUp =
  'Its file was damaged, or put together from two vaults. Put a copy from the backups folder in its place. Nothing was deleted.'

/** The same store, each of whose methods first asks whether it may be used, and names what the disk refuses. */
function guarded<S extends object>(store: S, check: () => void): S {
  const methods = Object.entries(store as Record<string, (...input: unknown[]) => unknown>)
  const entries = methods.map(([name, method]) => [
    name,
    (...input: unknown[]) => {
      check()
      return naming(() => method(...input))
    },
  ])
  return Object.fromEntries(entries) as S
}

function openMigrated(file: string, now: number): Db {
  const db = openDatabase(file)
  try {
    migrate(db, file, migrations, now)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Opens the vault's file, locked, creating and migrating it as needed. Throws `LatchkeyError('internal')`, having changed
 * nothing, when the file is no vault or was written by a newer Latchkey.
 */
export function openVault(options: { file: string; clock: Clock; logger: Logger }): Vault {
  let db: Db | null = null
  try {
    db = openMigrated(options.file, options.clock.now())
    return vaultOf(db, options)
  } catch (error) {
    db?.close()
    const named = namedAtStart(error)
    // Whatever else SQLite says: not even the tables are what they should be.
    throw named instanceof Database.SqliteError ? notAVault(options.file, error) : named
  }
}

function vaultOf(db: Db, { file, clock, logger }: { file: string; clock: Clock; logger: Logger }): Vault {
  const dataKey = createDataKey(db, clock, logger)
  const memory = createMemory(db)
  const resealing = createResealing({ db, dataKey, logger })
  const kinds = () => dataKey.slots().map(({ kind }) => kind)
  let exists = dataKey.exists()
  let guards = kinds()
  let explanation: Explanation | null = null
  let openedBy: KeyGuard['kind'] | null = null
  /** Attempts to open wait for each other; `lock` and `close` end all that have been asked for by then. */
  let attempts: Promise<unknown> = Promise.resolve()
  let interruptions = 0

  const inTurn = <T>(work: (wanted: () => boolean) => Promise<T>): Promise<T> => {
    const before = interruptions
    const turn = attempts.then(() => work(() => interruptions === before))
    attempts = turn.catch(() => undefined)
    return turn
  }

  const lockedBecause = (): Explanation => {
    if (explanation !== null) return explanation
    if (!exists) return firstSteps
    const names = guards.map((kind) => guardNames[kind] ?? 'a key that this Latchkey does not know').join(' and by ')
    const remedy = guards.includes('passphrase') ? 'Enter the passphrase.' : 'Start Latchkey where that key is at hand.'
    return { reason: `The vault is locked. It is protected by ${names || 'a key that is gone'}.`, remedy }
  }

  const status = (): VaultStatus => {
    if (openedBy !== null) {
      return { state: 'unlocked', guards: [...guards], reason: `Protected by ${guardNames[openedBy]}.`, remedy: null }
    }
    return { state: exists ? 'locked' : 'new', guards: [...guards], ...lockedBecause() }
  }

  const lockedError = () => {
    const { reason, remedy } = lockedBecause()
    return new LatchkeyError('locked', reason, { action: { text: remedy } })
  }
  const check = () => {
    if (dataKey.sealer() === null) throw lockedError()
  }
  const sealer = (): Sealer => {
    const open = dataKey.sealer()
    if (open === null) throw lockedError()
    return open
  }

  const opened = (kind: KeyGuard['kind']) => {
    exists = true
    guards = kinds()
    explanation = null
    openedBy = kind
    logger.info('The vault was unlocked.', { guard: kind })
    resealing.start()
  }

  /** The same with the other way in, where there is one. */
  const explain = (kind: KeyGuard['kind'], error: unknown): Explanation => {
    const { reason, remedy } = explainGuard(kind, error)
    const recovery = kind !== 'passphrase' && guards.includes('passphrase')
    return { reason, remedy: recovery ? `${remedy} Or unlock the vault with its passphrase.` : remedy }
  }
  const explainGuard = (kind: KeyGuard['kind'], error: unknown): Explanation => {
    if (error instanceof KeyGuardUnavailable) return { reason: error.reason, remedy: error.remedy }
    if (error instanceof ForeignKey && kind === 'passphrase') return { reason: error.message, remedy: mixedUp }
    if (error instanceof KeyGuardRejected) {
      const remedy =
        kind === 'passphrase'
          ? 'Try again. Nothing was changed.'
          : 'Sign in to this computer as the user who set Latchkey up, with the keyring of that time. Nothing was deleted.'
      return { reason: error.message, remedy }
    }
    const trouble = storageTrouble(error)
    if (trouble !== null) return trouble
    logger.error('A key guard failed in an unexpected way.', { guard: kind, error })
    return {
      reason: `The vault could not be opened with ${guardNames[kind]}.`,
      remedy: 'Try again; the log names the cause. Nothing was deleted.',
    }
  }

  const forget = () => {
    interruptions++
    resealing.stop()
    memory.forget()
    dataKey.forget()
    openedBy = null
  }

  /** Changes to the key slots wait for each other, and for attempts to open. */
  const changeKeys = <T>(work: (wanted: () => boolean) => Promise<T> | T): Promise<T> =>
    inTurn(async (wanted) => {
      if (!wanted()) check()
      const done = await work(wanted)
      guards = kinds()
      return done
    })

  const keys: KeyStore = {
    slots: () => dataKey.slots(),
    version: () => dataKey.version(),
    rotation: () => resealing.progress(),
    check: (guard) => dataKey.check(guard),
    add: (guard) => changeKeys((wanted) => dataKey.add(guard, wanted)),
    replace: (guard, by) => changeKeys((wanted) => dataKey.replace(guard, by, wanted)),
    remove: (kind) =>
      changeKeys(() => {
        dataKey.remove(kind)
        if (openedBy === kind) openedBy = kinds()[0] ?? null
      }),
    rotate: (among) =>
      changeKeys(async (wanted) => {
        await dataKey.rotate(among, wanted)
        // What was remembered was read under the key before.
        memory.forget()
        resealing.stop()
        resealing.start()
      }),
    settled: () => resealing.settled(),
  }

  const restore = createRestore({
    db,
    file,
    clock,
    alone: (work) =>
      inTurn(async () => {
        if (openedBy === null) return work()
        throw new LatchkeyError('invalid_request', 'The vault was unlocked again before the backup was in its place.', {
          action: { text: 'Nothing was changed. Try again.' },
        })
      }),
    restored(madeAt) {
      forget()
      exists = dataKey.exists()
      guards = kinds()
      const remedy = guards.includes('passphrase') ? 'Enter the passphrase that it had then.' : 'Unlock it.'
      explanation = { reason: `The vault was put back as it was at ${new Date(madeAt).toISOString()}.`, remedy }
      logger.info('A backup was put in the place of the vault.', { guards: guards.join(', ') })
    },
  })

  return {
    status,
    create: (guard) =>
      inTurn(async (wanted) => {
        try {
          await dataKey.create(guard, wanted)
        } catch (error) {
          if (!(error instanceof LatchkeyError)) explanation = explain(guard.kind, error)
          throw namedFailure(error)
        }
        opened(guard.kind)
        return status()
      }),
    unlock: (guard) =>
      inTurn(async (wanted) => {
        if (openedBy !== null) return status()
        try {
          await dataKey.open(guard, wanted)
          opened(guard.kind)
        } catch (error) {
          explanation = explain(guard.kind, error)
          logger.warn('The vault stays locked.', { guard: guard.kind, reason: explanation.reason })
        }
        return status()
      }),
    lock(reason) {
      const wasOpen = openedBy !== null
      forget()
      if (wasOpen) {
        const passphrase = guards.includes('passphrase')
        explanation = { reason, remedy: passphrase ? 'Enter the passphrase to unlock it.' : 'Unlock it.' }
        logger.info('The vault was locked.', { reason })
      }
      return status()
    },
    explain(reason, remedy) {
      explanation = { reason, remedy }
    },
    transaction(work) {
      check()
      return naming(() => durably(db, work))
    },
    remember(read) {
      const remembered = memory.remember(read)
      return (key) => {
        check()
        return remembered(key)
      }
    },
    async restore(name, entry, lock) {
      check()
      return naming(() => restore(name, entry, lock))
    },
    close() {
      forget()
      db.close()
    },
    registrations: guarded(registrationStore(db, sealer), check),
    accounts: guarded(accountStore(db, sealer), check),
    tokens: guarded(tokenStore(db, sealer, clock), check),
    activity: guarded(activityStore(db), check),
    records: guarded(recordStore(db, sealer, clock), check),
    providers: guarded(providerStore(db), check),
    routes: guarded(networkRouteStore(db, sealer), check),
    webhooks: guarded(webhookStore(db, sealer), check),
    apps: guarded(appStore(db), check),
    asks: guarded(askStore(db), check),
    bindings: guarded(bindingStore(db), check),
    settings: guarded(settingsStore(db), check),
    keys: guarded(keys, check),
    backups: guarded(createBackupStore({ db, file, clock }), check),
  }
}
