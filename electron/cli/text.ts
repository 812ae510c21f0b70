import { util } from './builtins.ts'

/** How things are written for a person at a terminal. */

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const
export type Colour = keyof typeof codes
export type Paint = (colour: Colour, text: string) => string

/** Colours only where a terminal shows them and the person has not said no (https://no-color.org). */
export function painter(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return (colour, text) => (wanted ? `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m` : text)
}

/**
 * Text from a provider as it may go to a terminal: no escape sequence (it could rewrite the screen or the clipboard), no
 * control character, no bidirectional override. Line breaks and tabs stay.
 */
export function harmless(text: string): string {
  return (
    util
      .stripVTControlCharacters(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
  )
}

/** The same in one line. */
export const line = (text: string): string => harmless(text).replace(/\s+/g, ' ').trim()

// Made when it is first needed: it takes longer than most commands do.
let segmenter: Intl.Segmenter | null = null
function width(text: string): number {
  segmenter ??= new Intl.Segmenter()
  return [...segmenter.segment(util.stripVTControlCharacters(text))].length
}
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)))

/** Rows below a heading, in columns as wide as what stands in them. */
export function table(heading: string[], rows: string[][], paint: Paint): string {
  const all = [heading, ...rows]
  const widths = heading.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  return all
    .map((row, index) => {
      const text = row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd()
      return index === 0 ? paint('dim', text) : text
    })
    .join('\n')
}

/** Names and values below each other. Absent values are left out; a value of several lines is indented. */
export function list(pairs: [string, string | null | undefined][], paint: Paint): string {
  const present = pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '')
  const wide = Math.max(0, ...present.map(([name]) => width(name)))
  const indent = ' '.repeat(wide + 2)
  return present
    .map(([name, value]) => `${paint('dim', pad(name, wide))}  ${value.replaceAll('\n', `\n${indent}`)}`)
    .join('\n')
}

const units: [string, number][] = [
  ['days', 86_400],
  ['h', 3_600],
  ['min', 60],
]

/** A length of time in seconds as a person says it: `45 s`, `12 min`, `5 h`, `3 days`. */
export function duration(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds))
  // From two of a unit on: "90 min" says more than "1 h".
  const unit = units.find(([, size]) => whole >= 2 * size)
  return unit ? `${Math.floor(whole / unit[1])} ${unit[0]}` : `${whole} s`
}

/** `in 12 min`, `5 h ago`, or `never` for null. */
export function fromNow(time: string | null, now = Date.now()): string {
  if (time === null) return 'never'
  const seconds = (Date.parse(time) - now) / 1000
  if (Math.abs(seconds) < 1) return 'now'
  return seconds > 0 ? `in ${duration(seconds)}` : `${duration(seconds)} ago`
}

/** A moment as a date and a time here, to the second. */
export function moment(time: string): string {
  const at = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
