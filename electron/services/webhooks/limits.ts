import type { Clock } from '../../platform/ports.ts'

/** Deliveries of one endpoint in a minute that are looked at, and refusals that are counted and written down. */
export interface WebhookLimits {
  deliveries: number
  refusals: number
}
export const defaultWebhookLimits: WebhookLimits = { deliveries: 1200, refusals: 60 }

const minute = 60_000

/** Counts by endpoint and minute. */
export function createRate(clock: Clock) {
  const counts = new Map<string, { minute: number; count: number }>()
  return {
    /** How often this has happened in the current minute, this time included. */
    count(key: string): number {
      const now = Math.floor(clock.now() / minute)
      const entry = counts.get(key)
      if (entry?.minute === now) {
        entry.count += 1
        return entry.count
      }
      counts.set(key, { minute: now, count: 1 })
      return 1
    },
  }
}
