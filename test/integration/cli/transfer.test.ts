import fs from 'node:fs'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { vaultRoutes } from '../../../electron/api/routes-vault.ts'
import { addTransfer } from '../../../electron/cli/commands/transfer.ts'
import { docOf, flat } from '../../../electron/cli/manual/model.ts'
import { createSession, type Session } from '../../../electron/cli/session.ts'
import { createBackups } from '../../../electron/services/backups.ts'
import { createTransferHandlers } from '../../../electron/services/handlers-transfer.ts'
import { createVaultService } from '../../../electron/services/vault.ts'
import { createClient } from '../../../shared/client.ts'
import { vaultContract } from '../../../shared/contract-vault.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { cheap, cheapGuard, freshFolder } from '../../unit/vault/support.ts'
import { fill, holdings, ids, owner, passphrase, profile } from '../vault/transfer-world.ts'

/** The commands against the services of one profile, through the API's own table of calls and schemas. */
async function cli() {
  const it = await profile()
  fill(it)
  const vaultService = createVaultService({
    ...it,
    automaticGuard: null,
    onLock: async () => {},
    onUnlock: () => {},
    scryptCost: cheap,
  })
  const backups = createBackups({ ...it, vaultService })
  const handlers = {
    ...createTransferHandlers({ vaultExport: it.service, backups }),
    'vault.details': async () => ({ backups: backups.list() }),
  }
  const client = createClient({
    userAgent: 'test',
    async transport({ method, path: wanted, body }) {
      const route = vaultRoutes.find((row) => row.method === method && row.path === wanted)
      if (route === undefined) throw new Error(`There is no ${method} ${wanted}.`)
      const input = vaultContract[route.call].input.parse(JSON.parse(body ?? '{}'))
      const handler = handlers[route.call as keyof typeof handlers] as (...given: unknown[]) => Promise<unknown>
      const output = await handler(input, owner)
      return { status: 200, text: JSON.stringify(output) }
    },
  })

  async function run(args: string[], typed = '') {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    stdin.end(typed)
    const io = { stdin, stdout, stderr, env: {}, signal: new AbortController().signal, hostEntry: '' }
    const whole = createSession(io as never, () => ({ json: args.includes('--json') }))
    const session: Session = Object.create(whole, { client: { value: client } })
    const program = new Command('latchkey').exitOverride().option('--json')
    addTransfer(program, session)
    await program.parseAsync(args, { from: 'user' })
    return String(stdout.read() ?? '')
  }
  const folder = freshFolder()
  return { ...it, run, backups, file: path.join(folder, 'latchkey.export') }
}

it('[F15] export writes a file for the owner alone, and import brings it into another profile', async () => {
  const [there, here] = [await cli(), await cli()]
  here.vault.registrations.remove(ids.github)
  const words = await there.run(['export', there.file, '--passphrase-file', '-'], `${passphrase}\n`)
  expect(words).toBe(`Wrote 3 accounts to ${there.file}.\n`)
  expect(fs.statSync(there.file).mode & 0o777).toBe(0o600)
  expect(fs.readFileSync(there.file).subarray(0, 15).toString()).toBe('LATCHKEY-EXPORT')
  const said = await here.run(['import', there.file, '--passphrase-file', '-'], passphrase)
  expect(said).toMatch(/github:ada +github +added/)
  expect(said).toMatch(/github:robot +acme +kept/)
  expect(said).toContain('New here: 1 registration, 0 providers.')
  expect(said.match(/on two computers/g)).toHaveLength(1)
  expect(here.vault.tokens.get(ids.ada)?.accessToken).toBe('ada-access')
})

it('[F15] export takes chosen accounts, and never writes over a file', async () => {
  const { run, file } = await cli()
  const args = [
    'export',
    file,
    '--account',
    'github:ada',
    '--account',
    'github:grace',
    '--passphrase-file',
    '-',
    '--json',
  ]
  expect(JSON.parse(await run(args, passphrase))).toEqual({ file, accounts: 2 })
  const before = fs.readFileSync(file)
  await expect(run(args, passphrase)).rejects.toThrow('is there already')
  expect(fs.readFileSync(file).equals(before)).toBe(true)
})

it('a passphrase is never an argument, and one that is missing or too short leaves no file', async () => {
  const { run, file } = await cli()
  await expect(run(['export', file])).rejects.toThrow('There is no terminal to ask at. Pass --passphrase-file FILE.')
  await expect(run(['export', file, '--passphrase-file', '-'], 'short')).rejects.toThrow('at least 8 characters')
  await expect(run(['export', file, '--passphrase', passphrase])).rejects.toThrow('unknown option')
  expect(fs.existsSync(file)).toBe(false)
})

it('import says in plain words what it cannot open', async () => {
  const { run, file } = await cli()
  const args = ['import', file, '--passphrase-file', '-']
  await expect(run(args, passphrase)).rejects.toThrow('ENOENT')
  fs.writeFileSync(file, 'something else')
  await expect(run(args, passphrase)).rejects.toThrow('This is not a file that Latchkey exported.')
  await expect(run([...args, '--existing', 'all'], passphrase)).rejects.toThrow(
    'Allowed choices are keep, replace, newer',
  )
})

it('[F15] backup, backups and restore', async () => {
  const { run, vault, backups } = await cli()
  expect(await run(['backups'])).toBe('There is no backup. latchkey backup makes one.\n')
  const before = holdings(vault)
  expect(await run(['backup'])).toMatch(/^Made vault-\S+\.db\.\n$/)
  const [made] = backups.list()
  const name = made?.name ?? ''
  expect(await run(['backups'])).toContain(name)
  expect(JSON.parse(await run(['backups', '--json']))).toEqual([made])
  vault.accounts.remove(ids.ada)
  await expect(run(['restore', name])).rejects.toThrow('There is no terminal to ask at. Pass --yes to do it.')
  expect(vault.status().state).toBe('unlocked')
  expect(await run(['restore', name, '--yes'])).toMatch(/^Restored\. What was there is kept as vault-\S+\.db\. /)
  await vault.unlock(cheapGuard())
  expect(holdings(vault)).toEqual(before)
  await expect(run(['restore', 'another', '--yes'])).rejects.toBeInstanceOf(LatchkeyError)
})

it('each command says what it does, with an example', () => {
  const program = new Command('latchkey').helpCommand(false)
  const io = { stdout: new PassThrough(), env: {} } as never
  addTransfer(
    program,
    createSession(io, () => ({})),
  )
  const commands = flat(docOf(program)).filter((it) => it.path.length > 0)
  expect(commands.map((it) => it.path.join(' '))).toEqual(['export', 'import', 'backups', 'backup', 'restore'])
  for (const it of commands) {
    expect(it.examples.length).toBeGreaterThan(0)
    expect(it.description).toMatch(/^\p{Ll}[^.]*$/u)
  }
})
