import type { LockSettings } from '../../../shared/contract-vault.ts'
import { wholeNumber } from '../../components/whole-number.ts'

/** When the vault locks, as it is written: minutes as text, empty for never. */
export interface LockDraft {
  idle: string
  after: string
  onScreenLock: boolean
  onSuspend: boolean
}

export const lockDraftOf = (lock: LockSettings): LockDraft => ({
  idle: lock.idle_minutes === null ? '' : String(lock.idle_minutes),
  after: lock.after_minutes === null ? '' : String(lock.after_minutes),
  onScreenLock: lock.on_screen_lock,
  onSuspend: lock.on_suspend,
})

/** Whole minutes up to a week; null: never; undefined: neither. */
export function minutesOf(text: string): number | null | undefined {
  if (text.trim() === '') return null
  return wholeNumber(text, 1, 10_080) ?? undefined
}

/** What is sent, or null while a number is wrong. */
export function lockOf(draft: LockDraft): LockSettings | null {
  const idle_minutes = minutesOf(draft.idle)
  const after_minutes = minutesOf(draft.after)
  if (idle_minutes === undefined || after_minutes === undefined) return null
  return { idle_minutes, after_minutes, on_screen_lock: draft.onScreenLock, on_suspend: draft.onSuspend }
}

export const sameLock = (one: LockSettings, other: LockSettings): boolean =>
  one.idle_minutes === other.idle_minutes &&
  one.after_minutes === other.after_minutes &&
  one.on_screen_lock === other.on_screen_lock &&
  one.on_suspend === other.on_suspend
