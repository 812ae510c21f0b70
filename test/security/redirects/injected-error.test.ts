import { expect, it } from 'vitest'
import { world } from '../../integration/connect/world.ts'

/** Another program sends errors to the redirect URI, to make the sign-in fail or to put words into Latchkey's mouth. */
it('lets nobody without the state end a sign-in', async () => {
  const { start, connect, signIn } = await world()
  const flow = await start()
  for (const query of ['error=access_denied', 'error=server_error&error_description=canary', 'error=x&state=guess']) {
    expect((await fetch(`${flow.redirect_uri}?${query}`)).status).toBe(400)
  }
  expect(connect.get(flow.id).state).toBe('waiting_for_person')
  expect(JSON.stringify(connect.get(flow.id))).not.toContain('canary')
  expect((await signIn(flow)).state).toBe('completed')
})
