import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { dist, startHost } from '../support/host.ts'
import { startOidcAgent } from '../support/oidc-agent.ts'
import type { Options } from '../support/options.ts'
import { addAccounts, addProvider, newProfile } from '../support/profile.ts'
import { notThere, type Result } from '../support/results.ts'
import { median, spreadOf } from '../support/statistics.ts'

const work = 'latchkey token'
const against = 'oidc-token of oidc-agent'
const goal = 'at most 40 ms more'

/** Wall time of one command that prints a token which is good already, in milliseconds. */
function timed(command: string, args: string[], env: NodeJS.ProcessEnv): number {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' })
  const took = performance.now() - begun
  if (status !== 0 || stdout.trim().length < 20) throw new Error(`${command} ${args[0]}: ${status} ${stderr}`)
  return took
}

export async function cliRow({ quick }: Options): Promise<Result[]> {
  const server = await startAuthorizationServer({ clientAuthentication: 'client_secret_basic' })
  const profile = await newProfile((vault) => {
    addProvider(vault, 9)
    addAccounts(vault, 10)
  })
  const host = await startHost(profile)
  let agent: Awaited<ReturnType<typeof startOidcAgent>> = null
  try {
    const person = { user: 'ada', password: 'a password of the bench' }
    server.passwords.set(person.user, person.password)
    agent = await startOidcAgent(server, profile.folder, person)
    if (agent === null) return [notThere(work, against, goal, 'oidc-agent is not installed')]
    const { command, args, env } = agent
    const own = () => timed(process.execPath, [path.join(dist, 'cli.js'), 'token', 'bench-0'], profile.env)
    const bare = () => timed(process.execPath, ['-e', "console.log('x'.repeat(43))"], profile.env)
    const other = () => timed(command, args, env)
    for (const run of [own, other, bare]) run()
    const rounds = quick ? 5 : 25
    const times = Array.from({ length: rounds }, (_, round) => {
      const order = round % 2 === 0 ? [own, other, bare] : [bare, other, own]
      const took = new Map(order.map((run) => [run, run()]))
      return [took.get(own) ?? 0, took.get(other) ?? 0, took.get(bare) ?? 0] as const
    })
    const more = spreadOf(times.map(([a, b]) => a - b))
    return [
      {
        work,
        against,
        unit: 'ms more',
        goal,
        latchkey: median(times.map(([a]) => a)),
        other: median(times.map(([, b]) => b)),
        ratio: more,
        rounds,
        met: more.median <= 40,
        note: `of which ${median(times.map(([, b, c]) => c - b)).toFixed(0)} ms are Node itself`,
      },
    ]
  } finally {
    agent?.stop()
    await host.stop()
    profile.remove()
    await server.close()
  }
}
