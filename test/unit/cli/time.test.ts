import { expect, it } from 'vitest'
import { futureMoment, futureOrNever, orNull, pastMoment } from '../../../electron/cli/time.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z')

it('reads lengths of time, ahead and back', () => {
  expect(futureMoment('30d', now)).toBe('2026-12-21T12:00:00.000Z')
  expect(futureMoment('90m', now)).toBe('2026-11-21T13:30:00.000Z')
  expect(futureMoment('2w', now)).toBe('2026-12-05T12:00:00.000Z')
  expect(pastMoment('12h', now)).toBe('2026-11-21T00:00:00.000Z')
  expect(pastMoment('45s', now)).toBe('2026-11-21T11:59:15.000Z')
})

it('takes a date for the whole day here: up to its end, or from its beginning', () => {
  const ends = new Date(futureMoment('2027-01-31', now))
  expect([ends.getDate(), ends.getHours(), ends.getMinutes(), ends.getSeconds()]).toEqual([31, 23, 59, 59])
  const begins = new Date(pastMoment('2026-11-01', now))
  expect([begins.getDate(), begins.getHours(), begins.getMinutes()]).toEqual([1, 0, 0])
  expect(futureMoment('2027-01-31T08:00:00+02:00', now)).toBe('2027-01-31T06:00:00.000Z')
})

it('refuses what is over, and what is neither', () => {
  expect(() => futureMoment('2026-11-20', now)).toThrow('over')
  expect(() => futureMoment('0d', now)).toThrow('over')
  for (const bad of ['soon', '30', '1y', '', '2027-13-01', '31.01.2027', '1234567d']) {
    expect(() => futureMoment(bad, now), bad).toThrow('such as 30d')
  }
  expect(orNull(futureOrNever('never'))).toBe(null)
  expect(futureOrNever('1d')).toMatch(/Z$/)
})
