import { parseArgs } from 'node:util'
import { type Pace, quickPace, usualPace } from './compare.ts'

export const rowNames = ['proxy', 'nginx', 'token', 'refresh', 'accounts', 'cli'] as const
export type RowName = (typeof rowNames)[number]

export interface Options {
  pace: Pace
  only: readonly RowName[]
  quick: boolean
}

export const usage = `npm run bench -- [--quick] [--patient] [--only NAME] …

  --quick       Fewer and shorter rounds: to see that it works, not to compare.
  --patient     Waits for moments in which nobody else uses the machine.
  --only NAME   One of: ${rowNames.join(', ')}. May be given more than once.`

/** Throws with a sentence for the person when the arguments are wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      patient: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const wrong = values.only?.find((name) => !(rowNames as readonly string[]).includes(name))
  if (wrong !== undefined) throw new Error(`There is no row “${wrong}”. The rows are ${rowNames.join(', ')}.`)
  return {
    quick: values.quick,
    pace: { ...(values.quick ? quickPace : usualPace), patience: values.patient ? 300_000 : 0 },
    only: (values.only as RowName[] | undefined) ?? rowNames,
  }
}
