import { type Argument, type Command, Help, type Option } from 'commander'
import { type Lesson, lessonOf } from '../teach.ts'

/**
 * The definitions of the commands as plain data: what the manual, the reference and the completions are made from, so
 * that none of them can say anything else than the program does.
 */
export interface CommandDoc {
  /** Without the program's name: `['app', 'revoke']`; empty for the program itself. */
  path: string[]
  /** The whole line: `latchkey app revoke [options] <app>`. */
  usage: string
  group: string
  description: string
  arguments: ArgumentDoc[]
  /** Its own; those of the program go with every command. */
  options: OptionDoc[]
  examples: Lesson['examples']
  notes: string[]
  commands: CommandDoc[]
}

export interface ArgumentDoc {
  /** What stands between the brackets. */
  name: string
  required: boolean
  variadic: boolean
  description: string
  choices: string[]
}

export interface OptionDoc {
  /** `-H, --header <header>` */
  flags: string
  long: string
  short: string | null
  /** What stands between the brackets; null for an option without a value. */
  value: string | null
  description: string
  choices: string[]
  mandatory: boolean
}

const help = new Help()

/** @param path Of the command itself. Hidden commands are left out. */
export function docOf(command: Command, path: string[] = []): CommandDoc {
  const own = help.visibleOptions(command).filter((it) => path.length === 0 || it.long !== '--help')
  return {
    path,
    usage: usageOf(command, path, own.length > 0),
    group: command.helpGroup().replace(/:$/, ''),
    description: command.description(),
    arguments: command.registeredArguments.map(argumentDoc),
    options: own.map(optionDoc),
    examples: lessonOf(command)?.examples ?? [],
    notes: lessonOf(command)?.notes ?? [],
    commands: help.visibleCommands(command).map((it) => docOf(it, [...path, it.name()])),
  }
}

/** `[options]` only where there are some. */
function usageOf(command: Command, path: string[], options: boolean): string {
  const usage = `${['latchkey', ...path].join(' ')} ${command.usage()}`.trim()
  return options ? usage : usage.replace(' [options]', '')
}

/** A command and everything below it, in their order. */
export const flat = (doc: CommandDoc): CommandDoc[] => [doc, ...doc.commands.flatMap(flat)]

const argumentDoc = (argument: Argument): ArgumentDoc => ({
  name: argument.name(),
  required: argument.required,
  variadic: argument.variadic,
  description: argument.description,
  choices: argument.argChoices ?? [],
})

function optionDoc(option: Option): OptionDoc {
  return {
    flags: option.flags,
    long: option.long ?? '',
    short: option.short ?? null,
    value: option.required || option.optional ? (/[<[]([^>\].]+)/.exec(option.flags)?.[1] ?? 'value') : null,
    description: help.optionDescription(option),
    choices: option.argChoices ?? [],
    mandatory: option.mandatory,
  }
}
