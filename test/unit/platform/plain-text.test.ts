import { describe, expect, it } from 'vitest'
import { plainText } from '../../../electron/platform/plain-text.ts'

describe('the text of a stranger', () => {
  it.each([
    ['Backup', 'Backup'],
    ['  two\n\tlines\u0085and\u2028more  ', 'two lines and more'],
    ['\u202egpj.exe\u202c', 'gpj.exe'],
    ['safe\u2066\u2069\u200e\u200f\u061c', 'safe'],
    ['zero\u200bwidth\u200d\ufeff\u00ad', 'zerowidth'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['tags\u{e0041}\u{e007f}', 'tags'],
    ['filler\u3164\u115f\u2800', 'filler'],
    ['\u200b\u202e\u3164', ''],
    ['Ünïcödé 文字 🙂', 'Ünïcödé 文字 🙂'],
    [`Z${'\u0301'.repeat(40)}algo`, `Ź${'\u0301'.repeat(4)}algo`],
  ])('%j is shown as %j', (text, shown) => {
    expect(plainText(text, 80)).toBe(shown)
  })

  it('is cut between characters, not inside of one', () => {
    expect(plainText('🙂🙂🙂', 2)).toBe('🙂🙂')
  })
})
