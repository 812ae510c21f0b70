import { redact } from '../platform/redact.ts'

/** Longest path that an entry of the activity keeps. */
const longestKept = 500
const longestText = 1000
/** No more of a path is looked at: what lies behind it could not stand in the first 500 characters. */
const longestRead = 4000
/** Segments that the sums keep. */
const segmentsKept = 3

/** Where more different paths were used than the sums keep. */
export const otherPaths = '…'
/** In place of a segment that is an id. */
export const anyId = '*'

/** Turns a text into another one, remembering the answers for the last short ones: programs repeat themselves. */
export function remembered(work: (text: string) => string, most = 1000): (text: string) => string {
  const answers = new Map<string, string>()
  return (text) => {
    if (text.length > 300) return work(text)
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = work(text)
    if (answers.size >= most) answers.clear()
    answers.set(text, answer)
    return answer
  }
}

/** A sentence as the activity keeps it: no queries of URLs in it, and what looks like a secret masked. */
export function keptText(text: string): string {
  const clean = redact(text.slice(0, longestRead).replace(/(?<=\S)[?#][^\s"'<>)]+/g, ''))
  return clean.length <= longestText ? clean : `${clean.slice(0, longestText - 1)}…`
}

/** A path as the activity keeps it: at most 500 characters, and what looks like a secret masked. */
export function keptPath(pathname: string): string {
  // Cut between segments: half a secret would not look like one any more.
  const read = pathname.length <= longestRead ? pathname : pathname.slice(0, pathname.lastIndexOf('/', longestRead) + 1)
  const clean = redact(read)
  return clean.length <= longestKept ? clean : `${clean.slice(0, longestKept - 1)}…`
}

/**
 * A path as the sums keep it: the first three segments, each that is an id as `*`. So `/v1/users/17/mail` and
 * `/v1/users/18/mail` are one place, and nothing of whom or what a request was about is kept for long.
 */
export function usagePath(pathname: string): string {
  return `/${segmentsOf(pathname).slice(0, segmentsKept).map(withoutId).join('/')}`
}

export function segmentsOf(pathname: string): string[] {
  return pathname.split('/').filter((segment) => segment !== '')
}

export function withoutId(segment: string): string {
  return isId(segment) ? anyId : segment
}

/** Digits, UUID, hexadecimal, email address, anything encoded, long mixtures, and what would be masked as a secret. */
function isId(segment: string): boolean {
  if (!/^[A-Za-z0-9._~$:+-]+$/.test(segment)) return true
  if (segment.length > 64) return true
  if (!/\d/.test(segment)) return segment.length >= 20 && redact(segment) !== segment
  if (/^[\d._:+-]+$/.test(segment) || /\d{5}/.test(segment)) return true
  if (/^(?:[0-9a-f]{12,}|[0-9a-f-]{32,})$/i.test(segment)) return true
  return segment.length >= 12 && /[A-Za-z]/.test(segment) && (digitRuns(segment) > 1 || redact(segment) !== segment)
}

/** `v2` has one, `x7Kd93aL` three. */
function digitRuns(segment: string): number {
  return segment.match(/\d+/g)?.length ?? 0
}

/**
 * Whether requests to a kept path are requests below `prefix` (whole segments, `*` for any). null: cannot be told, because
 * the sums keep too little of the path.
 */
export function isBelow(kept: string, prefix: string | undefined): boolean | null {
  const wanted = segmentsOf(prefix ?? '/').map(withoutId)
  if (wanted.length === 0) return true
  if (kept === otherPaths) return null
  const has = segmentsOf(kept)
  const known = wanted.slice(0, segmentsKept)
  const differs = known.some((segment, index) => segment !== anyId && segment !== has[index])
  if (has.length < known.length || differs) return false
  return wanted.length <= segmentsKept ? true : null
}
