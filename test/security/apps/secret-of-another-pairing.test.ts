import { expect, it } from 'vitest'
import { refusal, world } from './support.ts'

it('[F11] the secret of one pairing does not open another', async () => {
  const { pair, approve, pairing } = await world()
  const mine = await pair({ name: 'Mine' })
  const other = await pair({ name: 'Other' })
  await approve(other.code, [{ rights: ['token'] }])
  const wrong = refusal(() => pairing.look(other.id, mine.secret ?? ''))
  const unknown = refusal(() => pairing.look('ask_0000000000000000', mine.secret ?? ''))
  expect(wrong.toWire()).toEqual(unknown.toWire())
  expect(pairing.look(other.id, other.secret ?? '').key).toMatch(/^lkapp_/)
})

it('[F11] nor does the secret of a question for more, which has none', async () => {
  const { app, gate, apps, pairing } = await world()
  const { caller } = await app()
  refusal(() => gate.account('work', caller, 'token'))
  const [ask] = apps.asks()
  for (const secret of [null, '', 'null']) {
    expect(refusal(() => pairing.look(ask?.id ?? '', secret)).code).toBe('not_found')
  }
})
