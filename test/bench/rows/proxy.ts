import { type Contender, compare, remarks } from '../support/compare.ts'
import { nginxFile, startNginx } from '../support/nginx.ts'
import type { Options } from '../support/options.ts'
import { notThere, type Result } from '../support/results.ts'
import type { World } from '../support/world.ts'

const work = 'signed requests through /proxy/, 16 connections'

function contender(port: number | string, pid: number | undefined, path: string, key?: string): Contender {
  return {
    pid,
    load: {
      target: { origin: typeof port === 'string' ? port : `http://127.0.0.1:${port}` },
      request: {
        method: 'GET',
        path,
        headers: {
          'user-agent': 'bench',
          accept: '*/*',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
      },
      bytes: 1024,
    },
  }
}

const ofLatchkey = ({ host, key }: World) =>
  contender(host.api.http, host.pid, '/v1/accounts/bench-0/proxy/api/me', key)

/** Against the barest reverse proxy that undici makes possible. */
export async function proxyRow(world: World, { pace }: Options): Promise<Result[]> {
  const { upstream, token, generator } = world
  const bare = await world.part<{ port: number }>('plain-proxy', { upstream: upstream.ready.port, token })
  const found = await compare(
    generator,
    ofLatchkey(world),
    contender(bare.ready.port, bare.process.pid, '/api/me'),
    pace,
    world.helpers,
  )
  const against = 'the barest undici reverse proxy that adds a header'
  const common = { work, against, rounds: found.rounds }
  return [
    {
      ...common,
      unit: 'requests/s',
      goal: '≥ 0.9',
      latchkey: found.first.perSecond,
      other: found.second.perSecond,
      ratio: found.throughput,
      met: found.throughput.median >= 0.9,
      note: remarks(found),
    },
    {
      ...common,
      unit: 'p99',
      goal: '≤ 1.3',
      latchkey: found.first.p99,
      other: found.second.p99,
      ratio: found.p99,
      met: found.p99.median <= 1.3,
    },
  ]
}

/** Against nginx with one worker. */
export async function nginxRow(world: World, { pace }: Options): Promise<Result[]> {
  const against = 'nginx adding a static header'
  const goal = '≥ 0.45'
  const file = nginxFile()
  if (file === null) return [notThere(work, against, goal, 'nginx is not installed')]
  const nginx = await startNginx(file, world.profile.folder, world.upstream.ready.port, world.token)
  try {
    const found = await compare(
      world.generator,
      ofLatchkey(world),
      contender(nginx.port, nginx.process.pid, '/api/me'),
      pace,
      world.helpers,
    )
    return [
      {
        work,
        against,
        unit: 'requests/s',
        goal,
        latchkey: found.first.perSecond,
        other: found.second.perSecond,
        ratio: found.throughput,
        rounds: found.rounds,
        met: found.throughput.median >= 0.45,
        note: remarks(found),
      },
    ]
  } finally {
    await nginx.stop()
  }
}
