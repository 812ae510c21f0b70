import fs from 'node:fs'
import { Agent } from 'undici'
import { onTestFinished } from 'vitest'
import { type Client, createClient } from '../../../shared/client.ts'
import type { PermissionInput } from '../../../shared/contract-apps.ts'
import { connectPractice, startHost } from '../whole/host.ts'

/** The whole headless host with a practice account, `practice:ada`, and programs that come to its socket. Gone with the test. */
export async function world() {
  const host = await startHost()
  const agent = new Agent({ connect: { socketPath: host.latchkey.api.socket } })
  onTestFinished(async () => {
    await agent.close()
    await host.close()
    fs.rmSync(host.home, { recursive: true })
  })
  const account = await connectPractice(host)

  const program = (key?: string): Client =>
    createClient({
      ...(key === undefined ? {} : { key }),
      userAgent: 'backup/1.0',
      async transport({ method, path, headers, body }) {
        const answer = await agent.request({
          origin: 'http://localhost',
          path,
          method: method as 'GET',
          headers,
          ...(body === undefined ? {} : { body }),
        })
        return { status: answer.statusCode, text: await answer.body.text() }
      },
    })

  /** A program that asked, was approved with these permissions and has collected its key. */
  async function paired(name: string, permissions: (Partial<PermissionInput> & Pick<PermissionInput, 'rights'>)[]) {
    const stranger = program()
    const asked = await stranger.pair({ name, purpose: 'For the test.' })
    const granted = permissions.map((it) => ({ account: account.alias, ...it }))
    await host.client.approve(asked.code, { permissions: granted })
    const { key = '', app_id: id = '' } = await stranger.lookAtPairing(asked.id, asked.secret ?? '')
    return { id, key, client: program(key) }
  }

  return { host, owner: host.client, account, program, paired }
}

export const practiceApi = async (owner: Client) => (await owner.practice()).api_base_url ?? ''
