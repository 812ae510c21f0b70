import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { cheapGuard, locked, registration, seed, tokens, unlocked } from '../../unit/vault/support.ts'

const passphrase = 'canary-passphrase-4815'
const secrets = [
  ...['canary-access-one', 'canary-refresh-one', 'canary-id-one', 'canary-access-two', 'canary-refresh-two'],
  ...['canary-client-secret', 'canary-record-key', 'canary-record-value', passphrase],
]

/** Every file below a folder whose bytes hold the text, in UTF-8, UTF-16, hexadecimal or base64. */
function filesHolding(folder: string, text: string): string[] {
  const bytes = Buffer.from(text)
  const needles = [bytes, Buffer.from(text, 'utf16le'), Buffer.from(bytes.toString('hex'))]
  // Base64 in each of its three alignments, without the characters that depend on the neighbours.
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    needles.push(Buffer.from(shifted.slice(shift === 0 ? 0 : 4, -4)))
  }
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = fs.readFileSync(file)
      return needles.some((needle) => content.includes(needle))
    })
}

it('no secret stands in any file of the vault: database, write-ahead log, index', async () => {
  const { vault, file } = await unlocked({ guard: cheapGuard(passphrase) })
  const folder = path.dirname(file)
  seed(vault)

  // First, that the search finds what is there: in the log, and in the database after a checkpoint.
  vault.settings.set('planted', 'canary-planted')
  expect(filesHolding(folder, 'canary-planted')).toEqual([`${file}-wal`])
  const encoded = path.join(folder, 'encoded')
  fs.writeFileSync(encoded, `x${Buffer.from('{"t":"canary-planted"}').toString('base64')}`)
  expect(filesHolding(folder, 'canary-planted')).toContain(encoded)
  fs.rmSync(encoded)

  const [a1, r1, i1, a2, r2] = secrets as [string, string, string, string, string]
  vault.registrations.save(registration({ id: 'reg_2' }), 'canary-client-secret')
  vault.tokens.put('acc_1', tokens({ accessToken: a1, refreshToken: r1, idToken: i1 }))
  vault.tokens.beginRefresh('acc_1', 1)
  vault.tokens.commitRefresh('acc_1', tokens({ accessToken: a2, refreshToken: r2, idToken: null }))
  vault.records.put('AccessToken', 'canary-record-key', 'canary-record-value', null)
  expect(fs.readdirSync(folder).sort()).toEqual(['vault.db', 'vault.db-shm', 'vault.db-wal'])
  for (const secret of secrets) expect(filesHolding(folder, secret), secret).toEqual([])

  expect(vault.tokens.get('acc_1')).toMatchObject({ accessToken: a2, refreshToken: r2 })
  expect(vault.records.get('AccessToken', 'canary-record-key')).toBe('canary-record-value')
  vault.lock('test')
  vault.close()
  expect(filesHolding(folder, 'canary-planted')).toEqual([file])
  for (const secret of secrets) expect(filesHolding(folder, secret), secret).toEqual([])
})

it('every file is for the owner alone under umask 000', async () => {
  const before = process.umask(0)
  try {
    const { vault, file } = await unlocked()
    seed(vault)
    const folder = path.dirname(file)
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700)
    const names = fs.readdirSync(folder)
    expect(names.sort()).toEqual(['vault.db', 'vault.db-shm', 'vault.db-wal'])
    for (const name of names) expect(fs.statSync(path.join(folder, name)).mode & 0o777, name).toBe(0o600)
  } finally {
    process.umask(before)
  }
})

it('a vault that others could read is closed to them when it is opened', async () => {
  const { vault, file } = await unlocked()
  vault.close()
  fs.chmodSync(file, 0o644)
  fs.chmodSync(path.dirname(file), 0o755)
  locked({ file })
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
})
