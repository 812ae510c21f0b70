import { expect, it } from 'vitest'
import { world } from '../../integration/connect/world.ts'

/** Another program on this machine sends answers of its own, to have its account connected in the person's place. */
it('lets no flood of forged answers in, fill memory, or end the sign-in', async () => {
  const { start, connect, server, signIn, vault } = await world()
  const flow = await start()
  for (let guess = 0; guess < 300; guess++) {
    const response = await fetch(`${flow.redirect_uri}?code=forged-${guess}&state=${guess}`)
    expect(response.status).toBe(400)
    await response.arrayBuffer()
  }
  const flooded = connect.get(flow.id)
  expect(flooded.state).toBe('waiting_for_person')
  expect(flooded.steps.length).toBeLessThanOrEqual(200)
  expect(JSON.stringify(flooded)).not.toContain('forged-')
  expect([server.tokenRequests, vault.accounts.list()]).toEqual([[], []])
  expect((await signIn(flow, { user: 'ada' })).state).toBe('completed')
})
