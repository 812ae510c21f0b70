import type { EventBus } from './ports.ts'

/**
 * A bus for one kind of event. Listeners are called at once, in the order in which they came. One that throws keeps
 * neither the others nor the emitter from going on: what it threw surfaces as an uncaught exception, as with EventTarget.
 */
export function createEventBus<E>(): EventBus<E> {
  const listeners = new Set<{ call: (event: E) => void }>()
  return {
    emit(event) {
      for (const listener of [...listeners]) {
        try {
          listener.call(event)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    on(call) {
      const listener = { call }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
