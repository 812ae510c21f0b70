import path from 'node:path'
import { onTestFinished } from 'vitest'
import { startHost } from '../../../electron/cli/demo/host.ts'
import { until } from '../../../electron/cli/demo/until.ts'
import { connectToHost } from '../../../electron/cli/transport.ts'
import { signInAt } from '../../../electron/services/practice/person.ts'
import { freshHome } from './stand-in.ts'

const hostEntry = path.join(import.meta.dirname, '../../../dist/headless.js')
const never = new AbortController().signal

/** A real headless host with a fresh profile, ended when the test has finished. */
export async function realHost() {
  const home = path.join(freshHome(), 'profile')
  const host = await startHost({ hostEntry, env: process.env, home, signal: never })
  const connection = connectToHost(host.paths, never)
  onTestFinished(async () => {
    await connection.close()
    await host.stop()
  })
  return { home, paths: host.paths, client: connection.client }
}

/** Plays the person: connects a practice account and gives its id. */
export async function connectAs(
  user: 'ada' | 'grace',
  { client }: Awaited<ReturnType<typeof realHost>>,
): Promise<string> {
  const flow = await client.connect({ provider: 'practice', via: 'paste' })
  const redirected = await signInAt(flow.authorization_url ?? '', { user, approve: true })
  await client.answer(flow.id, redirected.href)
  return until('the account is connected', 20_000, never, async () => {
    const { state, account_id, failure } = await client.flow(flow.id)
    if (failure) throw new Error(failure.message)
    return state === 'completed' ? account_id : null
  })
}
