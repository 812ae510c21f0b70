import { describe, expect, it } from 'vitest'
import { bytes, dayName, lifetime, relative } from '../../../renderer/components/time-text.ts'
import { time } from '../../../renderer/texts/en-time.ts'

const now = Date.parse('2026-03-10T12:00:00Z')
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()

describe('times as people say them', () => {
  it.each([
    [0, 'just now'],
    [-4, 'just now'],
    [-5, '5 seconds ago'],
    [-61, '1 minute ago'],
    [-7200, '2 hours ago'],
    [-86_400, '1 day ago'],
    [-40 * 86_400, '1 month ago'],
    [90, 'in 1 minute'],
    [2 * 86_400, 'in 2 days'],
  ])('%i s from now is "%s"', (seconds, text) => {
    expect(relative(at(seconds), now)).toBe(text)
  })

  it('shows what is no time as it is', () => {
    expect(relative('soon', now)).toBe('soon')
  })

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [65, '1 min 05 s'],
    [600, '10 min'],
    [3600, '1 h'],
    [3660, '1 h 1 min'],
    [90_000, '1 d 1 h'],
    [86_400 * 20, '20 d'],
    [86_400 * 800, '2 y'],
  ])('a counter writes %i s as "%s"', (seconds, text) => {
    expect(time.short(seconds)).toBe(text)
  })

  it('names today and yesterday, and the year of another one', () => {
    expect(dayName(at(-60), now)).toBe('Today')
    expect(dayName(at(-86_400), now)).toBe('Yesterday')
    expect(dayName(at(-400 * 86_400), now)).toContain('2025')
  })

  it('writes sizes', () => {
    expect([bytes(0), bytes(1023), bytes(1536), bytes(5 * 1024 * 1024)]).toEqual(['0 B', '1023 B', '1.5 KB', '5.0 MB'])
  })
})

describe('what is left of a lifetime', () => {
  it('is a share between 0 and 1', () => {
    expect(lifetime(at(-900), at(2700), now)).toEqual({ left: 2700, share: 0.75, over: false })
  })
  it('never goes below zero', () => {
    expect(lifetime(at(-900), at(-1), now)).toEqual({ left: 0, share: 0, over: true })
  })
  it('is at most whole when the clock of the host is ahead', () => {
    expect(lifetime(at(30), at(90), now)?.share).toBe(1)
  })
  it('is unknown without an end', () => {
    expect(lifetime(at(0), null, now)).toBeNull()
  })
})
