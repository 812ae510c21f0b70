import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Agent } from 'undici'
import { compose, type HostParts, type Latchkey } from '../../../electron/compose.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { signInAt } from '../../../electron/services/practice/person.ts'
import { createClient } from '../../../shared/client.ts'

export const passphrase = 'the passphrase of the whole-path tests'

/**
 * The headless host, whole, in this process: real vault file, real sockets, real practice provider.
 *
 * @param changes What this host has that others have not; `paths` of a profile that is not all in one folder.
 */
export async function startHost(
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-whole-')),
  pageDir: string | null = null,
  changes: Partial<HostParts> = {},
) {
  const paths = changes.paths ?? profilePaths({ LATCHKEY_HOME: home })
  const latchkey: Latchkey = await compose({
    host: 'headless',
    version: '0.0.0-test',
    paths,
    browser: { open: () => Promise.reject(new Error('no browser in this test')) },
    windows: null,
    automaticGuard: null,
    pageDir,
    ...changes,
  })
  const { state } = (await latchkey.dispatch('vault.status', {}, { kind: 'cli' })) as { state: string }
  if (state !== 'unlocked') {
    await latchkey.dispatch(state === 'new' ? 'vault.setup' : 'vault.unlock', { passphrase }, { kind: 'cli' })
  }
  const agent = new Agent({ connect: { socketPath: latchkey.api.socket } })
  const client = createClient({
    key: fs.readFileSync(paths.ownerKey, 'utf8').trim(),
    userAgent: 'latchkey-cli/0.0.0-test',
    async transport({ method, path: target, headers, body }) {
      const answer = await agent.request({
        origin: 'http://localhost',
        path: target,
        method: method as 'GET',
        headers,
        body,
      })
      return { status: answer.statusCode, text: await answer.body.text() }
    },
  })
  return {
    home,
    paths,
    latchkey,
    client,
    async close() {
      await agent.close()
      await latchkey.close()
    },
  }
}

export type Host = Awaited<ReturnType<typeof startHost>>

/** Connects a practice account through its real pages, without a browser. */
export async function connectPractice(host: Host, user: 'ada' | 'grace' = 'ada') {
  const flow = await host.client.connect({ provider: 'practice', via: 'paste' })
  if (flow.authorization_url === null) throw new Error(`no authorization URL: ${flow.failure?.message}`)
  const answer = await signInAt(flow.authorization_url, { user, approve: true })
  const ended = await host.client.answer(flow.id, answer.href)
  if (ended.account_id === null) throw new Error(`not connected: ${ended.failure?.message}`)
  return host.client.account(ended.account_id)
}
