import { expect, it } from 'vitest'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import { createAppHandlers } from '../../../electron/services/handlers-apps.ts'
import type { Handlers } from '../../../electron/services/ports.ts'
import { refusal, world } from './support.ts'

it('[F11] a code opens nothing: neither the pairing, nor the decision about it', async () => {
  const { apps, bindings, door, app, pair, pairing } = await world()
  const requests = { sendToHost: () => Promise.reject(new Error('not here')) }
  const handlers = createAppHandlers({ apps, bindings, requests }) as Handlers
  const dispatch = createDispatch(handlers, door)
  const { caller } = await app([{ rights: ['see', 'request', 'token', 'manage', 'connect'] }])
  const { id, code, secret = '' } = await pair({ name: 'Another' })
  for (const wrong of [null, '', code, id, `${secret}x`, secret.slice(1), 'nobody’s']) {
    expect(refusal(() => pairing.look(id, wrong)).code).toBe('not_found')
  }
  expect(refusal(() => pairing.look(code, secret)).code).toBe('not_found')
  const permissions = [{ account: 'work', rights: ['token'] }]
  const forbidden = { code: 'forbidden', message: 'This is only for the person, not for apps.' }
  await expect(dispatch('asks.list', {}, caller)).rejects.toMatchObject(forbidden)
  await expect(dispatch('asks.get', { ask: code }, caller)).rejects.toMatchObject(forbidden)
  await expect(dispatch('asks.approve', { ask: code, permissions }, caller)).rejects.toMatchObject(forbidden)
  await expect(dispatch('permissions.add', { app: 'Backup', ...permissions[0] }, caller)).rejects.toMatchObject(
    forbidden,
  )
  expect(pairing.look(id, secret).state).toBe('waiting')
})
