import { expect, it } from 'vitest'
import { call } from '../../integration/api/paired.ts'
import { abused, account } from './support.ts'

const deep = 200_000
const bodies: Record<string, string> = {
  lists: '['.repeat(deep) + ']'.repeat(deep),
  objects: `${'{"a":'.repeat(deep / 2)}1${'}'.repeat(deep / 2)}`,
  'lists that never close': '['.repeat(deep),
  'objects with the name of a prototype': `${'{"__proto__":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  'a definition': `{"definition":${'{"a":'.repeat(deep / 2)}1${'}'.repeat(deep / 2)},"request":"token"}`,
  'a wish': `{"name":"x","purpose":"x","wants":${'['.repeat(deep)}${']'.repeat(deep)}}`,
  'many names': `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
  'a long number': `{"min_validity":${'9'.repeat(500_000)}}`,
}

it.each(Object.keys(bodies))(
  'JSON that is made to be hard to read is refused, and nothing comes of it: %s',
  async (kind) => {
    const { host, owner, app, answersOthers } = await abused()
    const calls: [string | null, string][] = [
      [null, '/v1/pair'],
      [app.key, `/v1/accounts/${account}/request`],
      [app.key, `/v1/accounts/${account}/token`],
      [owner, '/v1/connect'],
      [owner, '/v1/providers/check'],
      [owner, '/v1/providers'],
      [owner, '/v1/templates/preview'],
      [owner, '/v1/providers/import'],
      [owner, '/v1/webhooks'],
    ]
    for (const [key, target] of calls) {
      const answer = await call(host, key, 'POST', target, bodies[kind])
      expect([400, 403, 413], `${target}: ${answer.text.slice(0, 500)}`).toContain(answer.status)
      expect(answer.text.length).toBeLessThan(5000)
    }
    expect(await answersOthers()).toBe(true)
    expect(await host.client.providers()).not.toContainEqual(expect.objectContaining({ origin: 'own' }))
  },
)
