import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandParts } from '../../../electron/cli/commands/index.ts'
import { commandTable, globalTable } from '../../../electron/cli/manual/markdown.ts'
import { flat } from '../../../electron/cli/manual/model.ts'
import { topics } from '../../../electron/cli/manual/topics.ts'
import { quickOptions } from '../../../electron/cli/quick.ts'
import { wrap } from '../../../electron/cli/teach.ts'
import { exitCode } from '../../../shared/errors.ts'
import { definedBy, definitions } from './whole.ts'

const whole = await definitions()
const all = flat(whole).filter((it) => it.path.length > 0)

it('finds each command where the index says that it is', async () => {
  expect(commandParts.length).toBeGreaterThan(10)
  for (const part of commandParts) expect((await definedBy(part)).names.sort()).toEqual([...part.names].sort())
  const names = commandParts.flatMap((it) => it.names)
  expect(new Set(names).size).toBe(names.length)
})

it('[F10] has every command that the design names', () => {
  const wanted =
    'serve status providers connect accounts token request proxy refresh validate reset revoke enable disable remove apps pair lock unlock demo git-credential credential-process xoauth2 exec'
  const names = whole.commands.map((it) => it.path[0])
  expect(names).toEqual(expect.arrayContaining(wanted.split(' ')))
  expect(names).not.toContain('complete')
})

it.each(all.map((it) => [it.path.join(' '), it] as const))('teaches %s', (_name, doc) => {
  expect(doc.description).toMatch(/^\p{Ll}[^.]*$/u)
  expect(doc.path.length > 1 || doc.group !== '').toBe(true)
  for (const argument of doc.arguments) expect(argument.description, argument.name).not.toBe('')
  for (const option of doc.options) expect(option.description, option.flags).not.toBe('')
  expect(doc.examples.length).toBeGreaterThanOrEqual(1)
  expect(doc.examples.length).toBeLessThanOrEqual(3)
  expect(doc.examples.some(([line]) => line.includes('latchkey'))).toBe(true)
  for (const [, does] of doc.examples) expect(does).not.toBe('')
})

it('names in its examples only commands and options that there are', () => {
  const lines = [
    ...all.flatMap((it) => it.examples.map(([line]) => line)),
    ...topics.flatMap((it) =>
      it.blocks.flatMap((block) => (typeof block === 'object' && 'code' in block ? block.code : [])),
    ),
  ]
  expect(lines.length).toBeGreaterThan(50)
  for (const line of lines) {
    const words = (/(?:^|[\s(!])latchkey( .*)/.exec(line)?.[1] ?? '')
      .trim()
      .split(' ')
      .map((it) => it.replace(/[')]+$/, ''))
      .filter((it) => it !== '')
    let doc = whole
    const options = new Set(whole.options.flatMap((it) => [it.long, it.short]))
    let skip = false
    for (const word of words) {
      if (['|', '>', '--', '&'].includes(word)) break
      if (skip) skip = false
      else if (word.startsWith('-')) {
        expect([...options, ...doc.options.flatMap((it) => [it.long, it.short])], line).toContain(word)
        skip = [...whole.options, ...doc.options].some((it) => [it.long, it.short].includes(word) && it.value !== null)
      } else {
        const below = doc.commands.find((it) => it.path.at(-1) === word)
        if (doc === whole) expect(below?.path, line).toBeDefined()
        doc = below ?? doc
      }
    }
  }
})

it('[F10] explains every exit code that there is', () => {
  const block = topics.find((it) => it.name === 'exit-codes')?.blocks[0]
  const told = typeof block === 'object' && 'terms' in block ? block.terms.map(([term]) => Number(term)) : []
  expect(told).toEqual([...new Set([0, 6, 130, ...Object.values(exitCode)])].sort((a, b) => a - b))
})

it('takes on the short way only options that `token` has, with and without a value as there', () => {
  const token = all.find((it) => it.path.join(' ') === 'token')
  const known = [...whole.options, ...(token?.options ?? [])]
  for (const [name, { type }] of Object.entries(quickOptions)) {
    const option = known.find((it) => it.long === `--${name}`)
    expect(option, name).toBeDefined()
    expect(option?.value === null, name).toBe(type === 'boolean')
  }
})

it('is written down as it is in docs/command-line.md', () => {
  const page = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8')
  const between = (name: string) => page.split(`<!-- ${name} -->\n`)[1]?.trim()
  expect(between('commands')).toBe(commandTable(whole))
  expect(between('options')).toBe(globalTable(whole))
})

it('breaks paragraphs between words', () => {
  expect(wrap('one two three', 8)).toBe('one two\nthree')
  expect(wrap('unbreakable', 4)).toBe('unbreakable')
})
