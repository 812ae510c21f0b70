import { type Check, needsVault, notApplicable, ok, problem, warning } from './check.ts'
import type { Reached } from './reach.ts'

const remedy =
  'Look at the network connection, at the proxy, and at the route of the provider on its page. Accounts keep their tokens meanwhile.'

/** Whether the providers that have accounts can be reached. */
export function providersCheck(reached: (signal: AbortSignal) => Promise<Reached[] | null>): Check {
  return {
    id: 'providers',
    title: 'Providers',
    async run(signal) {
      const all = await reached(signal)
      if (all === null) return needsVault()
      if (all.length === 0) return notApplicable('No provider on the network has an account.')
      const facts = Object.fromEntries(
        all.map(({ provider, host, took, failure }) => [provider, failure ?? `${host} answered in ${took} ms`]),
      )
      const silent = all.filter((it) => it.failure !== null)
      if (silent.length === 0) return ok('Every provider that has an account answers.', facts)
      if (silent.length === all.length)
        return problem(`No provider can be reached. ${silent[0]?.failure}`, remedy, facts)
      const names = silent.map((it) => it.provider).join(', ')
      return warning(`Not every provider can be reached: ${names}.`, remedy, facts)
    },
  }
}
