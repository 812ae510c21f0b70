import { execFileSync, spawn } from 'node:child_process'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { defaultLimits } from '../../../electron/api/limits.ts'
import { startWorld } from '../../integration/api/world.ts'
import { at, isAnswered, memory } from './support.ts'

const many = 10_000
/** Either end of a connection takes a descriptor. The two ends are in processes of their own. */
const descriptors = process.platform === 'win32' ? 0 : Number(execFileSync('/bin/sh', ['-c', 'ulimit -Hn']).toString())
const possible = Number.isNaN(descriptors) || descriptors > many + 500
if (process.env.CI === 'true' && !possible) throw new Error('CI=true, and there are too few descriptors (ulimit -Hn).')

it.skipIf(!possible)(
  'ten thousand connections take what there is for them and no more',
  async () => {
    // Long enough for this machine to open them all.
    const world = await startWorld({ limits: { headersTimeout: 45_000 } })
    const { name } = at(world, 'http')
    const before = memory()
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        `ulimit -n ${many + 500} && exec "$0" "$@"`,
        process.execPath,
        path.join(import.meta.dirname, 'children/connections.ts'),
        name.split(':')[1] ?? '',
        String(many),
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    )
    const ended = new Promise((resolve) => child.once('exit', resolve))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    let said = ''
    let complained = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      said += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      complained += part
    })
    const last = () => /open (\d+) closed (\d+)\n$/.exec(said)?.slice(1).map(Number) ?? []

    // While they come, too.
    expect(await isAnswered(world, 'socket')).toBe(true)
    await expect.poll(() => last()[1] ?? complained, { timeout: 40_000 }).toBe(many - defaultLimits.connections)
    expect(last()[0]).toBe(defaultLimits.connections)
    expect(await isAnswered(world, 'socket')).toBe(true)
    expect(await isAnswered(world, 'http').catch(() => 'no room')).toBe('no room')
    expect(memory() - before).toBeLessThan(200_000_000)

    child.stdin.end()
    await ended
    await expect.poll(() => isAnswered(world, 'http').catch(() => false), { timeout: 20_000 }).toBe(true)
    expect(world.calls).toEqual([])
  },
  120_000,
)
