import { setTimeout as wait } from 'node:timers/promises'
import { Interrupted } from '../errors.ts'

/** Looks again and again until `look` gives something, at most `limit` milliseconds. */
export async function until<T>(
  what: string,
  limit: number,
  signal: AbortSignal,
  look: () => T | null | Promise<T | null>,
): Promise<T> {
  const end = performance.now() + limit
  for (;;) {
    if (signal.aborted) throw new Interrupted()
    const found = await look()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`After ${limit / 1000} s it is still not so that ${what}.`)
    await wait(100)
  }
}
