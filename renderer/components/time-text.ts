import { t } from '../texts.ts'

/** "5 minutes ago", "in 2 days", "just now" (less than five seconds either way). `now` in milliseconds. */
export function relative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000
  if (Number.isNaN(seconds)) return at
  if (Math.abs(seconds) < 5) return t.time.justNow
  return seconds < 0 ? t.time.ago(-seconds) : t.time.in(seconds)
}

/** Date, time with seconds, and zone, as this computer writes them. */
export function absolute(at: string | number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return String(at)
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })
}

export interface Lifetime {
  /** Whole seconds left, never below zero. */
  left: number
  /** How much of it is left, from 0 to 1. */
  share: number
  over: boolean
}

/** What is left of the span from `from` to `until`; null without an end. */
export function lifetime(from: string, until: string | null, now: number): Lifetime | null {
  if (until === null) return null
  const end = Date.parse(until)
  const whole = Math.max(1, end - Date.parse(from))
  const left = Math.max(0, end - now)
  return { left: Math.ceil(left / 1000), share: Math.min(1, left / whole), over: left === 0 }
}

/** The local calendar day of a moment, for grouping. */
export function dayKey(at: string): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** "Today", "Yesterday", else the date; the year only when it is another one. */
export function dayName(at: string, now: number): string {
  const key = dayKey(at)
  if (key === dayKey(new Date(now).toISOString())) return t.time.today
  const before = new Date(now)
  before.setDate(before.getDate() - 1)
  if (key === dayKey(before.toISOString())) return t.time.yesterday
  const date = new Date(at)
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  })
}

/** Bytes for people, in steps of 1024. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KB`
  return `${(count / 1024 / 1024).toFixed(1)} MB`
}
