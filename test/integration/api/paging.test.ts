import { describe, expect, it } from 'vitest'
import { account, startWorld } from './world.ts'

const accounts = Array.from({ length: 1002 }, (_, i) => ({ ...account, id: `acc_${i}` }))

/** As the accounts service does it. */
const list = ({ limit, after }: { limit?: number | undefined; after?: string | undefined }) => {
  const start = after === undefined ? 0 : accounts.findIndex((it) => it.id === after) + 1
  return accounts.slice(start, limit === undefined ? undefined : start + limit)
}

async function pages(limit: number): Promise<string[][]> {
  const world = await startWorld({ handlers: { 'accounts.list': list } })
  const found: string[][] = []
  for (let target: string | undefined = `/v1/accounts?limit=${limit}`; target !== undefined; ) {
    const answer = await world.call('GET', target)
    found.push(answer.json.map((it: { id: string }) => it.id))
    target = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1]
  }
  return found
}

describe('[F10] pages of accounts', () => {
  it.each([1000, 334, 501, 999])(
    'of %d follow one another by Link (RFC 8288), none twice and none left out',
    async (limit) => {
      const found = await pages(limit)
      expect(found.flat()).toEqual(accounts.map((it) => it.id))
      expect(found).toHaveLength(Math.ceil(accounts.length / limit))
    },
  )

  it('without a limit there is one', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': list } })
    const answer = await world.call('GET', '/v1/accounts')
    expect([answer.json.length, answer.headers.link]).toEqual([1002, undefined])
  })

  it.each(['0', '-1', '1001', 'x', '1.5', ''])('a limit of “%s” is refused', async (limit) => {
    const world = await startWorld({ handlers: { 'accounts.list': list } })
    const answer = await world.call('GET', `/v1/accounts?limit=${limit}`)
    expect([answer.status, answer.json.error?.field]).toEqual([400, 'limit'])
  })
})
