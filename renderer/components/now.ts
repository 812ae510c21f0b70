import { useSyncExternalStore } from 'react'

/** One clock for the page: however many counters tick, one timer runs, and none while nothing counts. */
function createTicker(milliseconds: number) {
  const listeners = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | null = null
  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      if (timer === null) {
        now = Date.now()
        timer = setInterval(() => {
          now = Date.now()
          for (const tell of listeners) tell()
        }, milliseconds)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0 || timer === null) return
        clearInterval(timer)
        timer = null
      }
    },
    read: () => {
      // Nothing ticks yet: the value of the last run would be stale.
      if (timer === null && Date.now() - now > milliseconds) now = Date.now()
      return now
    },
  }
}

const second = createTicker(1000)
const slow = createTicker(15_000)

/** Now in milliseconds, renewed every second or, for "5 minutes ago", every 15 seconds. */
export function useNow(pace: 'second' | 'slow'): number {
  const ticker = pace === 'second' ? second : slow
  return useSyncExternalStore(ticker.subscribe, ticker.read)
}
