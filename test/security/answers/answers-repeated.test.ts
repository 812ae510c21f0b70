import { expect, it } from 'vitest'
import { walkToRedirect } from '../../doubles/person.ts'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { deliver, world } from '../../integration/protocol/world.ts'

it.each(['form_post', 'fragment'] as const)(
  '[D4] an answer (%s) that is sent a second time counts for nothing',
  async (response_mode) => {
    const server = await startStrictServer()
    try {
      const definition = server.definition({ authorization: { response_mode } })
      const { start, settled, vault } = await world([{ definition, clientId: server.clientId }])
      const flow = await start()
      const answer = await walkToRedirect(flow.authorization_url ?? '', flow.redirect_uri ?? '')
      const [first, second] = await Promise.allSettled([deliver(answer), deliver(answer)])
      const statuses = [first, second].map((it) => (it?.status === 'fulfilled' ? it.value.status : 'closed'))
      expect(statuses.filter((it) => it === 200)).toHaveLength(1)
      expect((await settled(flow.id)).state).toBe('completed')
      expect(server.tokenRequests).toHaveLength(1)
      expect(vault.accounts.list()).toHaveLength(1)
    } finally {
      await server.close()
    }
  },
)
