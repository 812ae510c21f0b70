import { expect, it } from 'vitest'
import { facts, origin, world } from './support.ts'

it('[F11] nothing that a program says of itself hides, turns or breaks what the person reads', async () => {
  const { pair, apps, approve, pairing } = await world()
  const tricks = '\u202e\u2066\u200b\u0000\u001b[2J\n\u2028'
  const from = origin(facts({ process: `git${tricks}`, script: `/tmp/${tricks}x.py`, started_by: [`sh${tricks}`] }))
  const { id, secret = '' } = await pair(
    {
      name: `Late${tricks}rest`,
      purpose: `For ${tricks}you`,
      wants: [{ account: `practice${tricks}:ada`, provider: `git${tricks}hub`, rights: ['see'] }],
    },
    { ...from, userAgent: `agent${tricks}/1` },
  )
  const [ask] = apps.asks()
  expect(ask?.name).toBe('Late [2J rest')
  expect(JSON.stringify(ask)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2028]|\\u00|\\n/)
  await approve(id)
  pairing.look(id, secret)
  expect(JSON.stringify(apps.list())).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2028]|\\u00|\\n/)
})

it('[F11] nor does one take the name of another app in another spelling', async () => {
  const { app, apps } = await world()
  await app([], 'Mail client')
  await app([], 'Mail\u200b clie\u00adnt')
  expect(apps.list().map(({ name }) => name)).toEqual(['Mail client', 'Mail client (2)'])
})
