import type { AppService, EventFilter, PairingService } from '../ports-apps.ts'
import { type AppDoor, createAppDoor } from './app-calls.ts'
import { createApprovals } from './approvals.ts'
import { createAppService } from './apps.ts'
import { createAsking } from './asks.ts'
import { type Bindings, createBindings } from './bindings.ts'
import { createAppBook } from './book.ts'
import { createFlowOwners, type FlowOwners } from './flow-owners.ts'
import { type AppGate, createGate } from './gate.ts'
import { createPairing } from './pairing.ts'
import type { AppParts } from './parts.ts'
import { createEventFilter } from './sees.ts'
import { createSweep } from './sweep.ts'

/** Local programs: how they are let in, what they may do, and what they ask for (F11, G3, E17, E19). */
export interface Apps {
  pairing: PairingService
  apps: AppService
  gate: AppGate
  bindings: Bindings
  sees: EventFilter
  /** For dispatch: the only way of an app to a handler. */
  door: AppDoor
  /** Which app started a sign-in. */
  flows: FlowOwners
  /** Calls back when the app's access is taken back; returns the way to stop. */
  onEnded(appId: string, listener: () => void): () => void
  /** Before the vault is locked: writes what is only counted, and forgets the rest. */
  forget(): void
  close(): void
}

/** Milliseconds. */
const sweepEvery = 30_000

export { type AppDoor, forThePerson } from './app-calls.ts'
export type { Bindings } from './bindings.ts'
export type { FlowOwners } from './flow-owners.ts'
export type { AppGate } from './gate.ts'
export type { AppParts } from './parts.ts'

export function createApps(parts: AppParts): Apps {
  const { vault, events, logger } = parts
  const listeners = new Map<string, Set<() => void>>()
  const book = createAppBook({ vault })
  const asking = createAsking(parts)
  const approvals = createApprovals(vault)
  const flows = createFlowOwners()
  const gate = createGate({ ...parts, book, asking })
  const bindings = createBindings(parts)
  const apps = createAppService({ ...parts, book, asking, approvals, ended })
  const sweep = createSweep({ ...parts, book, asking })

  function ended(appId: string): void {
    const all = [...(listeners.get(appId) ?? [])]
    listeners.delete(appId)
    for (const listener of all) listener()
  }

  function forget(): void {
    asking.flush()
    asking.forget()
    book.forget()
  }

  const stopListening = events.on((event) => {
    if (event.type === 'vault' && event.state !== 'unlocked') {
      asking.forget()
      book.forget()
    }
    // Its permissions go with an account. Whoever may see it is told of its end first, so they are read anew later.
    if (event.type === 'registration' || (event.type === 'account' && event.state === 'removed')) {
      queueMicrotask(book.forget)
    }
  })
  const timer = setInterval(() => {
    try {
      sweep()
    } catch (error) {
      logger.error('What is over could not be tidied up.', { error })
    }
  }, sweepEvery)
  timer.unref()

  return {
    pairing: { ...createPairing({ ...parts, book, approvals }), sweep },
    apps,
    gate,
    bindings,
    sees: createEventFilter({ gate, flows, asking }),
    door: createAppDoor({ gate, flows }),
    flows,
    onEnded(appId, listener) {
      const own = listeners.get(appId) ?? new Set()
      // Of its own, so that the same function given twice is two.
      const call = () => listener()
      listeners.set(appId, own.add(call))
      return () => {
        own.delete(call)
        if (own.size === 0 && listeners.get(appId) === own) listeners.delete(appId)
      }
    },
    forget,
    close() {
      clearInterval(timer)
      stopListening()
      asking.flush()
    },
  }
}
