import {
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
import { dayKey } from '../../components/time-text.ts'

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

/** True when every word stands in what the entry shows. */
export function entryFits(entry: Activity, search: string): boolean {
  const text = [entry.summary, entry.kind, entry.actor, ...Object.values(entry.detail)].join('\n').toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
