import { expect, it } from 'vitest'
import { flat } from '../../../electron/cli/manual/model.ts'
import { manPage } from '../../../electron/cli/manual/roff.ts'
import { topics } from '../../../electron/cli/manual/topics.ts'
import { definitions } from './whole.ts'

const whole = await definitions()
const page = manPage(whole, topics, '1.2.3')
const lines = page.trimEnd().split('\n')

it('has the sections of a man page, the commands, the topics and the exit codes', () => {
  const sections = lines.filter((it) => it.startsWith('.SH ')).map((it) => it.slice(5, -1))
  expect(sections.slice(0, 5)).toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'COMMANDS'])
  expect(sections).toEqual(expect.arrayContaining(['EXIT CODES', 'ENVIRONMENT AND FILES', 'LETTING A PROGRAM IN']))
  expect(lines).toContain('latchkey \\- use connected accounts from a terminal')
  for (const { path } of flat(whole)) {
    expect(page).toContain(`\\fB${['latchkey', ...path].join(' ').replaceAll('-', '\\-')}`.slice(0, 60))
  }
})

it('holds nothing that roff would take for a request of its own', () => {
  const known = /^\.(TH|SH|SS|TP|PP|RS|RE|EX|EE|br|B) ?/
  for (const line of lines.slice(1)) if (/^[.']/.test(line)) expect(line).toMatch(known)
  // Every backslash begins an escape that is meant.
  for (const [, name] of page.matchAll(/\\(\(..|f.|.)/g))
    expect(name).toMatch(/^(-|&|"|f[BIR]|\((rs|aq|ga|ha|ti|lq|rq|cq|em|dq))/)
  expect(lines.filter((it) => it === '.EX')).toHaveLength(lines.filter((it) => it === '.EE').length)
  expect(lines.filter((it) => it === '.RS')).toHaveLength(lines.filter((it) => it === '.RE').length)
})

it('keeps what roff reads otherwise as it is written', () => {
  const doc = {
    ...whole,
    commands: [
      {
        ...whole,
        path: ['x'],
        usage: 'latchkey x',
        group: 'G',
        commands: [],
        options: [],
        arguments: [],
        notes: [".start \\n it's -- `~^"],
        examples: [],
      },
    ],
  }
  expect(manPage(doc, [], '1')).toContain('\\&.start \\(rsn it\\(aqs \\-\\- \\(ga\\(ti\\(ha')
})
