import type { Command } from 'commander'
import type { DoctorCheck } from '../../../shared/contract-vault.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { type Colour, line, list } from '../text.ts'

const words: Record<DoctorCheck['state'], [word: string, colour: Colour]> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['problem', 'red'],
  not_applicable: ['–', 'dim'],
}

export function addDoctor(program: Command, session: Session): void {
  teach(program.command('doctor'), {
    examples: [
      ['latchkey doctor', 'what is wrong, and how to mend it'],
      ['latchkey doctor --all', 'everything that was found out, for a report of a problem'],
    ],
    notes: [
      'It looks at the keyring, the protection of the vault, its file, the files of the profile, the local API, the clock, proxies, providers and versions. It changes nothing, and what it prints holds no secret. It ends with exit code 1 when it found a problem.',
    ],
  })
    .helpGroup('Latchkey itself:')
    .description('check what Latchkey relies on, with the remedy for what is wrong')
    .option('--all', 'with the facts behind each check')
    .action(async (options: { all?: boolean }) => {
      const checks = await session.client.doctor()
      session.answer(checks, () => checks.map((check) => inWords(check, options.all === true, session)).join('\n'))
      if (checks.some(({ state }) => state === 'problem')) process.exitCode = 1
    })
}

function inWords(check: DoctorCheck, all: boolean, { paint }: Session): string {
  const [word, colour] = words[check.state]
  const lines = [`${paint(colour, word.padEnd(8))} ${paint('bold', check.title)}: ${line(check.message)}`]
  if (check.remedy !== null) lines.push(`         ${line(check.remedy)}`)
  const facts = Object.entries(check.facts).map(([name, value]): [string, string] => [line(name), line(value)])
  if (all && facts.length > 0) lines.push(list(facts, paint).replace(/^/gm, '         '))
  return lines.join('\n')
}
