import { Argument, type Command } from 'commander'
import packageJson from '../../../package.json' with { type: 'json' }
import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import type { AddCommands } from './index.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

/** What is made from the definitions of all commands. Each loads the rest only when it runs. */
export const addManual: AddCommands = (program, session, whole) => {
  const group = 'Latchkey itself:'

  const help = program
    .command('help')
    .helpGroup(group)
    .argument('[words...]', 'a command, or a topic: pairing, permissions, exit-codes, environment')
    .description('explain a command or a topic')
    .action(async (words: string[]) => explain(words, await whole(), session))
  teach(help, {
    examples: [
      ['latchkey help app revoke', 'a command'],
      ['latchkey help pairing', 'how a program is let in'],
    ],
  })

  const man = program
    .command('man')
    .helpGroup(group)
    .description('print the man page')
    .option('--table', 'the table of all commands instead, as docs/command-line.md has it')
    .action(async ({ table }: { table?: true }) => {
      const { docOf } = await import('../manual/model.ts')
      const document = docOf(await whole())
      if (table) {
        const { commandTable } = await import('../manual/markdown.ts')
        return session.answer(document, () => commandTable(document))
      }
      const [{ manPage }, { topics }] = await Promise.all([import('../manual/roff.ts'), import('../manual/topics.ts')])
      const roff = manPage(document, topics, packageJson.version)
      session.answer({ roff }, () => roff.trimEnd())
    })
  teach(man, {
    examples: [
      ['latchkey man | man -l -', 'read it here'],
      ['latchkey man > ~/.local/share/man/man1/latchkey.1', 'man latchkey shows it from then on'],
    ],
  })

  const completion = program
    .command('completion')
    .helpGroup(group)
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .description('print what completes commands, accounts and apps in your shell')
    .action(async (shell: Shell) => {
      const script = await completionFor(shell, await whole())
      session.answer({ shell, script }, () => script.trimEnd())
    })
  teach(completion, {
    examples: [
      ['source <(latchkey completion bash)', 'in ~/.bashrc'],
      ['source <(latchkey completion zsh)', 'in ~/.zshrc, behind compinit'],
      ['latchkey completion fish > ~/.config/fish/completions/latchkey.fish', 'once'],
    ],
    notes: ['The command has to be found as latchkey in PATH. Accounts and apps are completed while Latchkey runs.'],
  })

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { complete } = await import('../completion/complete.ts')
      const found = await complete(words, await whole(), session)
      session.answer(found, () => found.map((it) => it.join('\t')).join('\n'))
    })
}

async function explain(words: string[], program: Command, session: Session): Promise<void> {
  const { docOf } = await import('../manual/model.ts')
  const { topics } = await import('../manual/topics.ts')
  const topic = topics.find((it) => words.length === 1 && it.name === words[0])
  if (topic) {
    const { topicText } = await import('../manual/text.ts')
    return session.answer(topic, () => topicText(topic))
  }
  let command = program
  for (const word of words) {
    const below = command.commands.find((it) => it.name() === word)
    if (!below) {
      throw new UsageError(`There is no command or topic “${words.join(' ')}”.`, {
        text: 'What there is:',
        command: 'latchkey help',
      })
    }
    command = below
  }
  session.answer(docOf(command, words), () => helpOf(command))
}

/** The same as `latchkey COMMAND --help`. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (it) => (text += it) })
  command.outputHelp()
  return text.trimEnd()
}

async function completionFor(shell: Shell, program: Command): Promise<string> {
  const { docOf } = await import('../manual/model.ts')
  const document = docOf(program)
  const scripts: Record<Shell, () => Promise<string>> = {
    bash: async () => (await import('../completion/bash.ts')).bashCompletion(document),
    zsh: async () => (await import('../completion/zsh.ts')).zshCompletion(document),
    fish: async () => (await import('../completion/fish.ts')).fishCompletion(document),
  }
  return scripts[shell]()
}
