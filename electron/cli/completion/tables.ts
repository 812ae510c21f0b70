import { type CommandDoc, flat } from '../manual/model.ts'
import { kindOf } from './kinds.ts'

/**
 * The definitions as shell functions, in what bash (from 3.2 on, as macOS has it) and zsh have in common: each answers in
 * REPLY. A path is the words of a command between spaces, empty for the program itself.
 *
 * - `_latchkey_commands PATH`: its commands, one a line: name, tab, description
 * - `_latchkey_options PATH`: its options, likewise, with those that go with every command
 * - `_latchkey_value PATH OPTION`: how the option's value is completed; fails for an option without a value
 * - `_latchkey_argument PATH NUMBER`: how the argument at this place (from 0) is completed
 *
 * How something is completed: `=one two` for fixed words, `file` or `folder`, another word to ask Latchkey, empty: not.
 */
export function tables(program: CommandDoc): string {
  const all = flat(program)
  const globals = program.options
  return [
    shellFunction(
      '_latchkey_commands',
      '$1',
      all.filter((it) => it.commands.length > 0).map((it) => [[key(it)], lines(it.commands.map(named))]),
    ),
    shellFunction(
      '_latchkey_options',
      '$1',
      all.map((it) => [[key(it)], lines((it === program ? globals : [...it.options, ...globals]).map(flagged))]),
    ),
    shellFunction(
      '_latchkey_value',
      '$1 $2',
      all.flatMap((it) =>
        it.options
          .filter((option) => option.value !== null)
          .map((option): Case => {
            const flags = [option.long, option.short].filter((flag) => flag)
            // A command's own options carry its path; those of the program go with every one.
            const patterns = flags.map((flag) => (it === program ? `*' ${flag}` : `${key(it)} ${flag}`))
            return [patterns, kindOf({ name: option.value ?? '', choices: option.choices }) ?? '']
          }),
      ),
      'return 1',
    ),
    shellFunction(
      '_latchkey_argument',
      '$1 $2',
      all.flatMap((it) =>
        it.arguments.flatMap((argument, index): Case[] => {
          const kind = kindOf(argument)
          return kind === null ? [] : [[[argument.variadic ? `${key(it)} '*` : `${key(it)} ${index}`], kind]]
        }),
      ),
    ),
    shellFunction(
      '_latchkey_is_command',
      '$1',
      all.filter((it) => it !== program).map((it) => [[key(it)], '']),
      'return 1',
    ),
  ].join('\n\n')
}

/** Patterns of one case, and what it answers. */
type Case = [patterns: string[], answer: string]

const key = (it: CommandDoc) => it.path.join(' ')
const named = (it: CommandDoc) => `${it.path.at(-1)}\t${it.description}`
const flagged = (it: { long: string; description: string }) => `${it.long}\t${it.description}`
const lines = (all: string[]) => all.join('\n')

function shellFunction(name: string, subject: string, cases: Case[], otherwise = ':'): string {
  const body = cases.map(([patterns, answer]) => `    ${patterns.map(pattern).join(' | ')}) REPLY=${quoted(answer)} ;;`)
  return `${name}() {\n  REPLY=''\n  case "${subject}" in\n${body.join('\n')}\n    *) ${otherwise} ;;\n  esac\n}`
}

/** A `*'` at the beginning or a `'*` at the end stays a wildcard outside the quotes. */
function pattern(text: string): string {
  if (text.startsWith("*'")) return `*${quoted(text.slice(2))}`
  if (text.endsWith("'*")) return `${quoted(text.slice(0, -2))}*`
  return quoted(text)
}

/** A word that no shell reads anything into. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
