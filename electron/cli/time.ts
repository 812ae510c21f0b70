import { InvalidArgumentError } from 'commander'

/** Moments as people write them: `30d`, `12h`, a date, a date with a time. */

const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const form = 'It has to be a length of time such as 30d or 12h, or a date such as 2027-01-31.'

/**
 * A moment to come, as ISO 8601 in UTC. A date alone means the end of that day here.
 *
 * @throws InvalidArgumentError for anything else, and for what is over.
 */
export function futureMoment(value: string, now = Date.now()): string {
  const at = moment(value, now, 1, '23:59:59')
  if (at <= now) throw new InvalidArgumentError('It is over already.')
  return new Date(at).toISOString()
}

/** A moment that was: `7d` is seven days ago. A date alone means the beginning of that day here. */
export const pastMoment = (value: string, now = Date.now()): string =>
  new Date(moment(value, now, -1, '00:00:00')).toISOString()

/** `never` where something can also have no end. The parser of options knows no null: `orNull` makes it one. */
export const futureOrNever = (value: string): string => (value === 'never' ? value : futureMoment(value))
export const orNull = <T>(value: T | 'never'): T | null => (value === 'never' ? null : value)

function moment(value: string, now: number, sign: 1 | -1, edge: string): number {
  const [, many, unit] = /^(\d{1,6})([smhdw])$/.exec(value) ?? []
  const size = units[unit ?? '']
  if (many !== undefined && size !== undefined) return now + sign * Number(many) * size * 1000
  // Without a zone it is the time here (ECMA-262 21.4.1.32); a date alone would be UTC.
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T${edge}` : value)
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(at)) throw new InvalidArgumentError(form)
  return at
}
