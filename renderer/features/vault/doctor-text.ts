import type { DoctorCheck } from '../../../shared/contract-vault.ts'
import { t } from '../../texts.ts'

const order = ['problem', 'warning', 'ok', 'not_applicable'] as const

/** What needs somebody first; within a state as the host gave them. */
export const sortedChecks = (checks: DoctorCheck[]): DoctorCheck[] =>
  order.flatMap((state) => checks.filter((check) => check.state === state))

export const countOf = (checks: DoctorCheck[], state: DoctorCheck['state']): number =>
  checks.filter((check) => check.state === state).length

/** The same for a message to somebody who helps. It holds what the page shows and nothing else. */
export function doctorText(checks: DoctorCheck[], version: string, at: Date): string {
  const { states, wayOut } = t.protection.doctor
  const lines = sortedChecks(checks).flatMap(({ title, state, message, remedy, facts }) => [
    `[${states[state]}] ${title}: ${message}`,
    ...(remedy === null ? [] : [`  ${wayOut} ${remedy}`]),
    ...Object.entries(facts).map(([name, value]) => `  ${name}: ${value}`),
  ])
  return [`${version}, ${at.toISOString()}`, ...lines, ''].join('\n')
}
