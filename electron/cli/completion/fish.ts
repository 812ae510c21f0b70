import { type CommandDoc, flat, type OptionDoc } from '../manual/model.ts'
import { kindOf } from './kinds.ts'

/** The completion for fish. Latchkey itself finds what stands at an argument; an option says what its value is. */
export function fishCompletion(program: CommandDoc): string {
  const all = flat(program)
  const withValue = all.flatMap((it) => it.options).filter((it) => it.value !== null)
  const flags = [...new Set(withValue.flatMap((it) => [it.long, it.short ?? ''].filter((flag) => flag !== '')))]
  const paths = all.filter((it) => it !== program).map((it) => quoted(it.path.join(' ')))
  return `# fish completion for latchkey. Made by: latchkey completion fish

# The command that the line names so far: "app revoke", or nothing.
function __latchkey_path
  set -l path
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip = 1
      set skip 0
    else if test "$word" = --
      break
    else if contains -- $word ${flags.join(' ')}
      set skip 1
    else if string match -q -- '-*' $word
      continue
    else if contains -- (string join ' ' $path $word) ${paths.join(' ')}
      set path $path $word
    else
      break
    end
  end
  string join ' ' $path
end

function __latchkey_at
  test (__latchkey_path | string collect --allow-empty) = "$argv"
end

# Whether no argument has been typed yet, so that a command can stand here.
function __latchkey_first
  set -l words (commandline -opc)[2..]
  test (count (string match -v -- '-*' $words)) = (count (string split -n ' ' -- "$argv"))
end

function __latchkey_ask
  latchkey complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null </dev/null
end

complete -c latchkey -f
complete -c latchkey -a '(__latchkey_ask)'
${all.map((it) => ofCommand(it, it === program)).join('\n')}
`
}

function ofCommand(doc: CommandDoc, isProgram: boolean): string {
  const path = doc.path.join(' ')
  // The options of the program go with every command.
  const at = isProgram ? '' : ` -n ${quoted(`__latchkey_at ${path}`)}`
  const here = quoted(`__latchkey_at ${path}; and __latchkey_first ${path}`)
  const fixed = doc.arguments.flatMap((it) => it.choices)
  return [
    ...doc.commands.map(
      (it) => `complete -c latchkey -n ${here} -a ${quoted(it.path.at(-1) ?? '')} -d ${quoted(it.description)}`,
    ),
    ...(fixed.length === 0 ? [] : [`complete -c latchkey${at} -a ${quoted(fixed.join(' '))}`]),
    ...doc.options.map((it) => `complete -c latchkey${at}${ofOption(it)} -d ${quoted(it.description)}`),
  ].join('\n')
}

function ofOption(option: OptionDoc): string {
  const names = ` -l ${option.long.replace(/^--/, '')}${option.short ? ` -s ${option.short.slice(1)}` : ''}`
  if (option.value === null) return names
  const kind = kindOf({ name: option.value, choices: option.choices })
  if (kind === null) return `${names} -x`
  if (kind === 'file') return `${names} -r -F`
  if (kind === 'folder') return `${names} -x -a '(__fish_complete_directories)'`
  return `${names} -x -a ${kind.startsWith('=') ? quoted(kind.slice(1)) : quoted('(__latchkey_ask)')}`
}

/** fish reads a backslash and a quote within single quotes, and nothing else. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
