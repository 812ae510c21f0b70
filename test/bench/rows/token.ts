import path from 'node:path'
import { compare, remarks } from '../support/compare.ts'
import type { Load } from '../support/load.ts'
import type { Options } from '../support/options.ts'
import type { Result } from '../support/results.ts'
import type { World } from '../support/world.ts'

/** Handing out an access token that is good, against a server that does nothing but read and write JSON. */
export async function tokenRow(world: World, { pace }: Options): Promise<Result[]> {
  const { host, profile, key, token, generator } = world
  const bare = await world.part<{ port: number; socket: string }>('plain-json', {
    token,
    socket: path.join(profile.folder, 'plain.sock'),
  })
  const request: Load['request'] = {
    method: 'POST',
    path: '/v1/accounts/bench-0/token',
    headers: { 'user-agent': 'bench', 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: '{"min_validity":60}',
  }
  const ways: [string, Load['target'], Load['target']][] = [
    ['HTTP', { origin: host.api.http }, { origin: `http://127.0.0.1:${bare.ready.port}` }],
    [
      'the socket',
      { origin: 'http://localhost', socket: profile.paths.socket },
      { origin: 'http://localhost', socket: bare.ready.socket },
    ],
  ]
  const results: Result[] = []
  for (const [name, own, other] of ways) {
    const found = await compare(
      generator,
      { pid: host.pid, load: { target: own, request, bytes: null } },
      { pid: bare.process.pid, load: { target: other, request, bytes: null } },
      pace,
      world.helpers,
    )
    const { first, second } = found
    results.push({
      work: `POST …/token, 16 connections, over ${name}`,
      against: 'the barest node:http JSON server',
      unit: 'requests/s',
      goal: '≥ 0.6',
      latchkey: first.perSecond,
      other: second.perSecond,
      ratio: found.throughput,
      rounds: found.rounds,
      met: found.throughput.median >= 0.6,
      note: remarks(found),
    })
  }
  return results
}
