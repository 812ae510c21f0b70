import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'

const program = `
const http = require('node:http')
const [host, agent] = process.argv.slice(2)
const key = require('node:fs').readFileSync(0, 'utf8')
process.title = agent
const headers = { authorization: 'Bearer ' + key, 'user-agent': agent, 'x-executable': '/usr/bin/git', 'x-pid': '1' }
http.get({ host: '127.0.0.1', port: host.split(':')[1], headers, path: '/v1/accounts' }, (answer) => {
  answer.resume().on('end', () => process.exit(0))
})
`

it.skipIf(process.platform !== 'linux')(
  '[F11] a program that calls itself another one is told apart from it by what the system says',
  async () => {
    const seen: unknown[] = []
    const world = await startWorld({
      handlers: {
        'accounts.list': async (_, { kind, app }) => {
          seen.push({ kind, claims: app?.userAgent, is: await app?.facts() })
          return []
        },
      },
    })
    const script = path.join(world.dir, 'thief.cjs')
    fs.writeFileSync(script, program)
    for (const claim of ['git/2.50.0', 'latchkey-cli/0.1.0', 'x']) {
      const child = spawn(process.execPath, [script, world.host, claim], { stdio: ['pipe', 'ignore', 'inherit'] })
      child.stdin.end(world.apps.key)
      await once(child, 'exit')
      const executable = fs.realpathSync(process.execPath)
      expect(seen.pop()).toMatchObject({
        kind: 'app',
        claims: claim,
        is: { pid: child.pid, process: path.basename(executable), executable },
      })
    }
  },
)
