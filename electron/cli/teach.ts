import type { Command } from 'commander'

/** What a command's help says beyond its arguments and options; the man page and the reference say the same. */
export interface Lesson {
  /** One to three, each with what it does in a few words. */
  examples: [command: string, does: string][]
  /** Paragraphs, each one line. */
  notes?: string[]
}

const lessons = new WeakMap<Command, Lesson>()

/** Gives a command its examples and notes. Gives the command back. */
export function teach(command: Command, lesson: Lesson): Command {
  lessons.set(command, lesson)
  return command.addHelpText('after', () => `\n${helpText(lesson)}`)
}

export const lessonOf = (command: Command): Lesson | undefined => lessons.get(command)

function helpText({ examples, notes = [] }: Lesson): string {
  const shown = examples.map(([command, does]) => `  ${command}\n      ${does}`)
  return [...notes.map((note) => wrap(note)), `Example${examples.length === 1 ? '' : 's'}:\n${shown.join('\n')}`].join(
    '\n\n',
  )
}

/** Breaks a paragraph between words, so that no line is longer than `columns` where that is possible. */
export function wrap(text: string, columns = 100, indent = ''): string {
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    if (current !== '' && indent.length + current.length + 1 + word.length > columns) {
      lines.push(indent + current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, indent + current].join('\n')
}
