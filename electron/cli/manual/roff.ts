import type { CommandDoc, OptionDoc } from './model.ts'
import { flat } from './model.ts'
import type { Block, Topic } from './topics.ts'

/** The man page, in the macros of man(7), which every man knows. */
export function manPage(program: CommandDoc, topics: Topic[], version: string): string {
  const [first, ...rest] = groups(program)
  const parts = [
    `.TH LATCHKEY 1 "" "${text(`Latchkey ${version}`)}" "User Commands"`,
    section('NAME', 'latchkey \\- use connected accounts from a terminal'),
    section('SYNOPSIS', `.B latchkey\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]`),
    section(
      'DESCRIPTION',
      `${text(program.description)}\n.PP\n${text('The commands speak to the Latchkey that runs on this computer, over its socket. Nothing but the answer stands on standard output.')}`,
    ),
    section('OPTIONS', program.options.map(option).join('\n')),
    section('COMMANDS', [first, ...rest].map((it) => (it ? group(it) : '')).join('\n')),
    ...topics.map((it) => section(it.title.toUpperCase(), it.blocks.map(block).join('\n'))),
    section(
      'SEE ALSO',
      `${text('The documents in docs/ beside the program: command-line.md, local-api.md, bridges.md, threat-model.md.')}`,
    ),
  ]
  return `'\\" t\n${parts.join('\n')}\n`
}

type Group = [name: string, commands: CommandDoc[]]

function groups(program: CommandDoc): Group[] {
  const found = new Map<string, CommandDoc[]>()
  for (const command of program.commands) {
    found.set(command.group, [...(found.get(command.group) ?? []), ...flat(command)])
  }
  return [...found]
}

const section = (title: string, body: string) => `.SH ${quoted(title)}\n${body}`

const group = ([name, commands]: Group) => `.SS ${quoted(name)}\n${commands.map(command).join('\n')}`

function command(doc: CommandDoc): string {
  const usage = doc.usage.split('\n').map((line) => `\\fB${text(line.trim())}\\fR`)
  const parts = ['.TP', usage.join('\n.br\n'), text(sentence(doc.description))]
  const inner = [
    ...doc.arguments.map((it) => `.TP\n\\fI${text(it.name)}\\fR\n${text(it.description)}`),
    ...doc.options.map(option),
  ]
  if (inner.length > 0) parts.push('.RS', ...inner, '.RE')
  for (const note of doc.notes) parts.push('.RS', '.PP', text(note), '.RE')
  for (const [line, does] of doc.examples) {
    parts.push('.RS', '.PP', `${text(sentence(does))}`, '.EX', `  ${text(line)}`, '.EE', '.RE')
  }
  return parts.join('\n')
}

const option = ({ flags, description }: OptionDoc) => `.TP\n\\fB${text(flags)}\\fR\n${text(description)}`

function block(it: Block): string {
  if (typeof it === 'string') return `.PP\n${text(it)}`
  if ('code' in it) return `.PP\n.EX\n${it.code.map((line) => `  ${text(line)}`).join('\n')}\n.EE`
  return it.terms.map(([term, meaning]) => `.TP\n\\fB${text(term)}\\fR\n${text(meaning)}`).join('\n')
}

const sentence = (words: string) =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.:?!]$/.test(words) ? '' : '.'}`

const quoted = (words: string) => `"${text(words).replaceAll('"', '\\(dq')}"`

/** What no roff may take for its own: groff_char(7), “Usage of the special characters in man pages”. */
function text(words: string): string {
  const plain = words
    .replaceAll('\\', '\\(rs')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('“', '\\(lq')
    .replaceAll('”', '\\(rq')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '...')
    .replaceAll('—', '\\(em')
    .replaceAll('\n', ' ')
  return plain.startsWith('.') ? `\\&${plain}` : plain
}
