import {
  AppWindow,
  BadgeCheck,
  Building2,
  CircleAlert,
  CirclePlay,
  CircleSlash,
  Clock,
  KeyRound,
  LockKeyhole,
  LogIn,
  type LucideIcon,
  Pencil,
  RefreshCw,
  RotateCcw,
  Send,
  Trash2,
  TriangleAlert,
  Unplug,
  Waypoints,
  Webhook,
} from 'lucide-react'
import type { Activity } from '../../../shared/models.ts'
import { bytes, dayKey } from '../../components/time-text.ts'
import { t } from '../../texts.ts'

export const looks: Record<Activity['kind'], { icon: LucideIcon; tone: 'calm' | 'good' | 'bad' }> = {
  connected: { icon: LogIn, tone: 'good' },
  sign_in_failed: { icon: CircleAlert, tone: 'bad' },
  refreshed: { icon: RefreshCw, tone: 'calm' },
  refresh_failed: { icon: TriangleAlert, tone: 'bad' },
  request: { icon: Send, tone: 'calm' },
  token: { icon: KeyRound, tone: 'calm' },
  expired: { icon: Clock, tone: 'calm' },
  reset: { icon: RotateCcw, tone: 'calm' },
  removed: { icon: Trash2, tone: 'calm' },
  renamed: { icon: Pencil, tone: 'calm' },
  enabled: { icon: CirclePlay, tone: 'good' },
  disabled: { icon: CircleSlash, tone: 'calm' },
  revoked: { icon: Unplug, tone: 'calm' },
  validated: { icon: BadgeCheck, tone: 'calm' },
  provider: { icon: Building2, tone: 'calm' },
  webhook: { icon: Webhook, tone: 'calm' },
  registration: { icon: Waypoints, tone: 'calm' },
  vault: { icon: LockKeyhole, tone: 'calm' },
  app: { icon: AppWindow, tone: 'calm' },
}

/** An entry's sign: a use that failed looks like one, whatever its kind. */
export function lookOf(entry: Activity): (typeof looks)[Activity['kind']] {
  const { icon, tone } = looks[entry.kind]
  return { icon, tone: hasFailed(entry) ? 'bad' : tone }
}

/** 400 and above, or no answer at all: as the filter `outcome` has it. */
export function hasFailed({ kind, detail }: Activity): boolean {
  if (kind === 'sign_in_failed' || kind === 'refresh_failed') return true
  return (typeof detail.status === 'number' && detail.status >= 400) || typeof detail.error === 'string'
}

/** How a use went, in short: "200", "1.2 KB", "182 ms", and what was done on the way. */
export function outcomeOf({ right, detail }: Activity): string[] {
  if (right === null) return []
  const { status, bytes_sent, bytes_received, duration_ms, refreshed } = detail
  const moved = [bytes_sent, bytes_received].filter((it) => typeof it === 'number').reduce((sum, it) => sum + it, 0)
  return [
    typeof status === 'number' ? String(status) : typeof detail.error === 'string' ? t.activity.noAnswer : null,
    typeof bytes_sent === 'number' || typeof bytes_received === 'number' ? bytes(moved) : null,
    typeof duration_ms === 'number' ? t.playground.took(duration_ms) : null,
    refreshed === true ? t.activity.refreshedFirst : null,
  ].filter((it) => it !== null)
}

/** A value of the detail as people read it: bytes, milliseconds, yes and no. */
export function detailText(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? t.activity.yes : t.activity.no
  if (typeof value === 'number' && name.startsWith('bytes')) return bytes(value)
  if (typeof value === 'number' && name.endsWith('_ms')) return t.playground.took(value)
  return String(value)
}

/** Entries of one local day each, in the order they came. */
export function byDay(entries: readonly Activity[]): { day: string; entries: Activity[] }[] {
  const days: { day: string; entries: Activity[] }[] = []
  for (const entry of entries) {
    const day = dayKey(entry.at)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
