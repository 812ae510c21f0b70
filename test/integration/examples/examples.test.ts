import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { passphrase } from '../whole/host.ts'
import { example } from './support.ts'

const account = 'practice:ada'
const folder = path.join(import.meta.dirname, '../../../docs/examples')
const has = (program: string) => spawnSync(program, ['--version']).error === undefined

const programs: { file: string; command: string[]; needs: string; rights: ('see' | 'request' | 'token')[] }[] = [
  { file: 'signed-request.sh', command: ['sh', 'signed-request.sh'], needs: 'curl', rights: ['request'] },
  {
    file: 'signed_request.py',
    command: ['python3', '-B', 'signed_request.py'],
    needs: 'python3',
    rights: ['request', 'token'],
  },
  { file: 'signed-request.mjs', command: [process.execPath, 'signed-request.mjs'], needs: 'node', rights: ['request'] },
  { file: 'client.ts', command: [process.execPath, 'client.ts'], needs: 'node', rights: ['see', 'request'] },
]

describe.each(programs)('[F10] the example $file', ({ command, needs, rights }) => {
  const possible = needs === 'node' || has(needs)
  if (process.env.CI === 'true' && !possible) throw new Error(`CI=true, and ${needs} is not installed.`)

  it.skipIf(!possible)('is paired, works, and understands every refusal', async () => {
    const { host, run, pair, keyFile } = await example(command)
    const first = await pair([{ account, rights }])
    expect(first, first.err).toMatchObject({ code: 0 })
    expect(first.out).toContain('Ada Lovelace')
    expect(keyFile.mode()).toBe(0o600)
    const key = keyFile.text()
    expect(key).toMatch(/^lkapp_[\w-]{43}$/)
    const [app] = await host.client.apps()
    expect(app?.permissions).toMatchObject([{ rights }])

    // The second time it has its key.
    const again = await run()
    expect([again.code, again.err.includes('Approve')]).toEqual([0, false])
    expect(again.out).toContain('Ada Lovelace')
    // The key and the token are on no screen.
    const { access_token: token } = await host.client.token(account)
    for (const secret of [key, token]) expect(first.out + first.err + again.out + again.err).not.toContain(secret)

    const refused = async (code: number, words: RegExp) => {
      const ended = await run()
      expect(ended, ended.err).toMatchObject({ code, out: '' })
      expect(ended.err).toMatch(words)
    }
    const { id = '' } = app?.permissions[0] ?? {}
    await host.client.reset(account)
    await refused(3, /sign in/i)
    await host.client.changePermission(id, { account, rights, path_prefix: '/other' })
    await refused(4, /has been asked/)
    await host.client.lock()
    await refused(5, /locked/)
    await host.client.unlock(passphrase)
    await host.client.revokeApp(app?.id ?? '')
    await refused(4, /taken back/)
    expect(keyFile.exists()).toBe(false)
    await host.latchkey.close()
    await refused(6, /not running/)
  })

  it.skipIf(!possible)('says so when the person says no', async () => {
    const { host, run, keyFile } = await example(command)
    const ended = await run([], (code) => void host.client.deny(code))
    expect(ended, ended.err).toMatchObject({ code: 4, out: '' })
    expect(ended.err).toContain('Access was not given: denied.')
    expect(keyFile.exists()).toBe(false)
  })
})

it.skipIf(!has('python3'))('[F10] the example pair.py gets a key and nothing else', async () => {
  const { host, pair, keyFile, run } = await example(['python3', '-B', 'pair.py'])
  expect(await pair([{ account, rights: ['see'] }])).toMatchObject({ code: 0, out: '' })
  expect(keyFile.mode()).toBe(0o600)
  expect(await run()).toEqual({ code: 0, out: '', err: '' })
  expect((await host.client.apps()).map(({ name }) => name)).toEqual(['Python example'])
})

it('every example is tried here, and named on the page of the local API', () => {
  const files = fs.readdirSync(folder).sort()
  expect(files).toEqual([...programs.map(({ file }) => file), 'pair.py'].sort())
  const page = fs.readFileSync(path.join(folder, '../local-api.md'), 'utf8')
  for (const file of files) expect(page).toContain(`(examples/${file})`)
})
