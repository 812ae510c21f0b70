import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

/** What the page has to have a row for: groups and their numbers. */
const groups: [string, number[]][] = [
  ['A', upTo(8)],
  ['B', upTo(8)],
  ['C', upTo(13)],
  ['D', upTo(10)],
  ['E', upTo(20)],
  ['F', [...upTo(12), 14]],
  ['G', [3, 4]],
]

/** Rows that are on their way: they may be there, and then they need their tests like all others. */
const coming = ['F13', 'F15', 'F16', 'G1', 'G2', 'G5', 'G6', 'G7', 'G8']

const rows = [
  ...readFileSync(join(root, 'docs/features.md'), 'utf8').matchAll(/^\| ([A-Z]\d+) \| (.+) \| (.+) \|$/gm),
].map(([, id = '', , shownBy = '']) => ({
  id,
  files: [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
}))
const tests = titledTests()

it('has a row for every promise, once', () => {
  const ids = rows.map(({ id }) => id)
  const all = groups.flatMap(([group, numbers]) => numbers.map((number) => `${group}${number}`))
  expect(ids.filter((id) => !coming.includes(id))).toEqual(all)
  expect(new Set(ids).size).toBe(ids.length)
})

it.each(rows)('$id is shown by the tests that are named', ({ id, files }) => {
  expect(files.length, `${id} has no test`).toBeGreaterThan(0)
  for (const file of files) expect(tests.get(file) ?? 'no such test', file).toContain(id)
})

/** The ids at the beginning of a file's titles: `it('[F7] one refresh …')`, `it('[D7] [C10] …')`. */
function titledTests(): Map<string, Set<string>> {
  const folder = join(root, 'test')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(test|spec)\.tsx?$/.test(file),
  )
  return new Map(
    files.map((file) => {
      const titles = readFileSync(join(folder, file), 'utf8').matchAll(/['"`]((?:\[[A-Z]\d+\] *)+)[^\]]/g)
      const ids = [...titles].flatMap(([, start = '']) =>
        [...start.matchAll(/\[([A-Z]\d+)\]/g)].map(([, id = '']) => id),
      )
      return [file.replaceAll('\\', '/'), new Set(ids)]
    }),
  )
}
