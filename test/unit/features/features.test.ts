import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const later = 'a later issue'

/** What the page has to have a row for: group and number of rows. */
const groups: [string, number][] = [
  ['A', 8],
  ['B', 8],
  ['C', 13],
  ['D', 10],
  ['E', 20],
  ['F', 9],
]

/** The rows that local programs and the vault bring; all others need a test. */
const mayWait = ['A6', 'A7', 'C12', 'E2', 'E17', 'E18', 'E19']

const rows = [
  ...readFileSync(join(root, 'docs/features.md'), 'utf8').matchAll(/^\| ([A-Z]\d+) \| (.+) \| (.+) \|$/gm),
].map(([, id = '', promise = '', shownBy = '']) => ({
  id,
  promise,
  shownBy,
  files: [...shownBy.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
}))
const tests = titledTests()

it('has a row for every promise, once', () => {
  const all = groups.flatMap(([group, count]) => Array.from({ length: count }, (_, index) => `${group}${index + 1}`))
  expect(rows.map(({ id }) => id)).toEqual(all)
})

it.each(rows)('$id is shown by the tests that are named', ({ id, files, shownBy }) => {
  const named = files.length > 0 || (mayWait.includes(id) && shownBy === later)
  expect(named, `${id} has no test, and does not belong to a later issue`).toBe(true)
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
