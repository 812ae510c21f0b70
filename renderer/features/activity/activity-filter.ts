import type { ActivityFilter, Right } from '../../../shared/contract-apps.ts'
import type { Activity } from '../../../shared/models.ts'
import { rights } from '../../../shared/standards.ts'

export const spans = ['any', 'hour', 'day', 'week', 'month', 'between'] as const
export type Span = (typeof spans)[number]

/** The filters as they stand in the page; '' is "whatever". */
export interface FilterDraft {
  search: string
  kind: Activity['kind'] | ''
  right: Right | ''
  outcome: 'ok' | 'failed' | ''
  host: string
  span: Span
  /** Local days, `2026-12-20`; for `between`. */
  from: string
  to: string
}

export const noFilter: FilterDraft = {
  search: '',
  kind: '',
  right: '',
  outcome: '',
  host: '',
  span: 'any',
  from: '',
  to: '',
}

export const allRights: readonly Right[] = rights

/** True when something narrows, apart from account and app, which stand in the address. */
export const isNarrowed = (draft: FilterDraft): boolean =>
  (Object.keys(noFilter) as (keyof FilterDraft)[]).some(
    (name) => name !== 'from' && name !== 'to' && draft[name] !== noFilter[name],
  )

/** How many of the filters behind "More filters" are set. */
export const hiddenCount = (draft: FilterDraft): number =>
  [draft.right !== '', draft.outcome !== '', draft.host.trim() !== '', draft.span !== 'any'].filter(Boolean).length

const hours: Record<Exclude<Span, 'any' | 'between'>, number> = { hour: 1, day: 24, week: 168, month: 720 }
const minute = 60_000

function timePart({ span, from, to }: FilterDraft, now: number): Pick<ActivityFilter, 'since' | 'until'> {
  if (span === 'any') return {}
  // Whole minutes, so that drawing the page again asks for nothing new.
  if (span !== 'between') {
    return { since: new Date(Math.floor((now - hours[span] * 60 * minute) / minute) * minute).toISOString() }
  }
  const since = Date.parse(`${from}T00:00:00`)
  const until = Date.parse(`${to}T23:59:59.999`)
  return {
    ...(Number.isNaN(since) ? {} : { since: new Date(since).toISOString() }),
    ...(Number.isNaN(until) ? {} : { until: new Date(until).toISOString() }),
  }
}

/** What the host is asked for. */
export function activityFilter(
  draft: FilterDraft,
  place: { account: string | null; app: string | null },
  now: number,
): ActivityFilter {
  const search = draft.search.trim().slice(0, 200)
  const host = draft.host.trim().toLowerCase().slice(0, 260)
  return {
    ...(place.account === null ? {} : { account: place.account }),
    ...(place.app === null ? {} : { app: place.app }),
    ...(draft.kind === '' ? {} : { kind: draft.kind }),
    ...(draft.right === '' ? {} : { right: draft.right }),
    ...(draft.outcome === '' ? {} : { outcome: draft.outcome }),
    ...(host === '' ? {} : { host }),
    ...(search === '' ? {} : { search }),
    ...timePart(draft, now),
  }
}
