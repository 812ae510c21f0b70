import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { duration, fromNow, harmless, line, list, painter, table } from '../../../electron/cli/text.ts'

const plain = painter({ isTTY: false }, {})

it('takes every escape sequence and control character out of text from a provider', () => {
  const hostile = [
    'a\u001b[31mred\u001b[0m',
    '\u001b]0;title\u0007',
    '\u001b]52;c;Y2xpcGJvYXJk\u001b\\',
    '\u009b2J',
    '\u0000\u0008\u007f\r',
    '\u202egnp.exe\u2066',
  ].join('|')
  const shown = harmless(hostile)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  expect(shown).toContain('ared')
  expect(harmless('line one\n\tline two')).toBe('line one\n\tline two')
  expect(line('line one\n\tline\u001b[2K two ')).toBe('line one line two')
})

it('colours on a terminal only, and not with NO_COLOR', () => {
  expect(painter({ isTTY: true }, {})('red', 'x')).toBe('\u001b[31mx\u001b[39m')
  expect(painter({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x')
  expect(painter({ isTTY: true }, { TERM: 'dumb' })('red', 'x')).toBe('x')
  expect(plain('red', 'x')).toBe('x')
})

it('aligns columns whatever is coloured or composed', () => {
  const coloured = painter({ isTTY: true }, {})
  const text = table(
    ['A', 'B'],
    [
      [coloured('green', 'ok'), 'x'],
      ['e\u0301\u0301e', 'y'],
      ['longer', 'z'],
    ],
    plain,
  )
  const columns = stripVTControlCharacters(text).split('\n')
  expect(columns[0]).toBe('A       B')
  expect(columns[1]).toBe('ok      x')
  expect(columns[3]).toBe('longer  z')
})

it('lists names and values, leaves out what is absent, and indents further lines', () => {
  expect(
    list(
      [
        ['Name', 'one\ntwo'],
        ['Gone', null],
        ['Id', '1'],
      ],
      plain,
    ),
  ).toBe('Name  one\n      two\nId    1')
})

it('says lengths of time as a person does', () => {
  expect([0, 59, 119, 120, 7_199, 7_200, 172_799, 172_800].map(duration)).toEqual([
    '0 s',
    '59 s',
    '119 s',
    '2 min',
    '119 min',
    '2 h',
    '47 h',
    '2 days',
  ])
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(fromNow('2026-01-01T00:05:00Z', now)).toBe('in 5 min')
  expect(fromNow('2025-12-31T23:59:30Z', now)).toBe('30 s ago')
  expect(fromNow('2026-01-01T00:00:00.400Z', now)).toBe('now')
  expect(fromNow(null, now)).toBe('never')
})
