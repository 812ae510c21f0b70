import type { Command, Option } from 'commander'
import { createSession, type GlobalOptions, type Session } from '../session.ts'
import { line } from '../text.ts'
import { type Candidate, listers } from './kinds.ts'

/** Milliseconds: a person waits with a finger on the key. */
const patience = 3_000

/**
 * What can stand at the last of `words`, as the shell asks for it: accounts, apps and other things that only the running
 * Latchkey knows. Never an error: a shell has nowhere to show one.
 *
 * @param words Behind `latchkey`; the last is what has been typed of the word, and may be empty.
 */
export async function complete(words: string[], program: Command, session: Session): Promise<Candidate[]> {
  try {
    const kind = kindAt(words.slice(0, -1), program)
    const list = kind === null ? undefined : listers[kind]
    if (list === undefined) return []
    const io = { ...session.io, signal: AbortSignal.any([session.io.signal, AbortSignal.timeout(patience)]) }
    const options = program.opts<GlobalOptions>()
    const asking = createSession(io, () => ({ ...optionsOf(session), ...options }))
    try {
      const typed = words.at(-1) ?? ''
      const found = await list(asking.client)
      return found
        .filter(([value]) => value.startsWith(typed) && safe(value))
        .map(([value, means]) => [value, line(means)] as Candidate)
    } finally {
      await asking.close()
    }
  } catch {
    return []
  }
}

/** The profile that the person's own options name, where the words name none. */
function optionsOf({ env }: Session): GlobalOptions {
  if (env.LATCHKEY_HOME !== undefined) return { home: env.LATCHKEY_HOME }
  return env.LATCHKEY_PROFILE === undefined ? {} : { profile: env.LATCHKEY_PROFILE }
}

/** Whatever is not the same when it is shown cannot be typed either. */
const safe = (value: string) => value !== '' && line(value) === value

/** What is expected behind these words: what stands between the brackets there. null: nothing that is known here. */
function kindAt(before: string[], program: Command): string | null {
  let command = program
  let position = 0
  let waiting: Option | null = null
  let rest = false
  for (const word of before) {
    if (waiting !== null) {
      program.setOptionValue(waiting.attributeName(), word)
      waiting = null
    } else if (rest) position++
    else if (word === '--') rest = true
    else if (word.startsWith('-')) {
      const option = optionOf(word, command, program)
      if (option?.required) waiting = option
    } else {
      const below: Command | undefined = position === 0 ? command.commands.find((it) => it.name() === word) : undefined
      if (below) command = below
      else position++
    }
  }
  if (waiting !== null) return bracketed(waiting)
  const { registeredArguments: all } = command
  const expected = all[Math.min(position, all.length - 1)]
  if (expected === undefined || (position >= all.length && !expected.variadic)) return null
  return expected.name()
}

const optionOf = (word: string, command: Command, program: Command): Option | undefined =>
  [...command.options, ...(command.parent?.options ?? []), ...program.options].find(
    (it) => it.long === word || it.short === word,
  )

const bracketed = (option: Option): string | null => /<([^>.]+)/.exec(option.flags)?.[1] ?? null
