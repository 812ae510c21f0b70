import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealedColumns } from '../../../electron/vault/sealed-columns.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { fill } from '../../unit/vault/filled.ts'
import { cheapGuard, noLog, settableClock } from '../../unit/vault/fixtures.ts'

let folder = ''
let whole: Buffer
/** What each secret is, by a name for it. */
let truth: Map<string, unknown>
/** Where in the file what stands: beginnings and ends of the places that a class of damage is about. */
const places: Record<string, [from: number, to: number][]> = {}

type Vault = ReturnType<typeof openVault>

/** Every secret of the vault, each read on its own. */
const reads: Record<string, (vault: Vault) => unknown> = Object.fromEntries(
  [1, 2, 3].flatMap((n) => [
    [`client secret ${n}`, (vault: Vault) => vault.registrations.clientSecret(`reg_${n}`)],
    [`client key ${n}`, (vault: Vault) => vault.registrations.credentials(`reg_${n}`)],
    [`password ${n}`, (vault: Vault) => vault.accounts.credentials(`acc_${n}`)],
    [`access token ${n}`, (vault: Vault) => vault.tokens.get(`acc_${n}`)?.accessToken],
    [`refresh token ${n}`, (vault: Vault) => vault.tokens.get(`acc_${n}`)?.refreshToken],
    [`extra ${n}`, (vault: Vault) => vault.tokens.get(`acc_${n}`)?.extra],
    [`proxy password ${n}`, (vault: Vault) => vault.routes.get(`provider_${n}`)?.proxyPassword],
    [`signing secret ${n}`, (vault: Vault) => vault.webhooks.secret(`hook_${n}`)],
    [`webhook body ${n}`, (vault: Vault) => vault.webhooks.delivery(`del_${n}`)?.body],
    [`practice record ${n}`, (vault: Vault) => vault.records.get('code', `key-${n}`)],
  ]),
)

const open = (file: string) => openVault({ file, clock: settableClock(), logger: noLog })

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-flips-'))
  const file = path.join(folder, 'whole', 'vault.db')
  const vault = open(file)
  await vault.create(cheapGuard())
  fill(vault)
  truth = new Map(Object.entries(reads).map(([name, read]) => [name, read(vault)]))
  vault.close()
  whole = fs.readFileSync(file)

  const db = new Database(file, { readonly: true })
  const found = (name: string, bytes: Buffer, from = 0, to = bytes.length) => {
    const at = whole.indexOf(bytes)
    if (at >= 0) places[name] = [...(places[name] ?? []), [at + from, at + to]]
  }
  for (const { table, column } of sealedColumns) {
    const values = db.prepare(`SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).pluck().all() as Buffer[]
    for (const value of values) {
      found('format of a sealed value', value, 0, 1)
      found('key version of a sealed value', value, 1, 5)
      found('nonce', value, 5, 17)
      found('tag', value, 17, 33)
      found('ciphertext', value, 33)
    }
  }
  found('wrapped key', db.prepare('SELECT wrapped FROM key_slots').pluck().get() as Buffer)
  found('parameters of the key slot', Buffer.from(db.prepare('SELECT params FROM key_slots').pluck().get() as string))
  found('verifier', db.prepare('SELECT verifier FROM data_keys').pluck().get() as Buffer)
  db.close()
  places['page of the schema'] = [[100, 4096]]
  places['other pages'] = [[4096, whole.length]]
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Met {
  /** What the first thing to fail said: opening, unlocking, or reading. */
  told: string[]
  wrong: string[]
  unnamed: string[]
  missing: string[]
}

let count = 0

/** Opens the vault with this change, reads everything, twice. */
async function meet(change: (bytes: Buffer) => void): Promise<Met> {
  const file = path.join(folder, `${count++}`, 'vault.db')
  const bytes = Buffer.from(whole)
  change(bytes)
  fs.mkdirSync(path.dirname(file), { mode: 0o700 })
  fs.writeFileSync(file, bytes)
  const met: Met = { told: [], wrong: [], unnamed: [], missing: [] }
  const note = (name: string, error: unknown) => {
    if (error instanceof LatchkeyError && error.message !== '') met.told.push(error.message)
    else met.unnamed.push(`${name}: ${error instanceof Error ? error.stack : error}`)
  }
  try {
    const vault = open(file)
    try {
      const { state, reason, remedy } = await vault.unlock(cheapGuard())
      if (state !== 'unlocked') {
        if (reason === '' || remedy === null || /unexpected|log names/.test(`${reason}${remedy}`)) {
          met.unnamed.push(`unlocking: ${reason} ${remedy}`)
        }
        met.told.push(reason)
        // Locked or not set up any more: a new vault is never offered in the place of this one.
        if (state === 'new') met.wrong.push('the vault counts as new')
      } else {
        for (const [name, read] of Object.entries(reads)) {
          try {
            const value = read(vault)
            if (value === null || value === undefined || isEmpty(value)) {
              if (truth.get(name) !== value) met.missing.push(name)
            } else if (JSON.stringify(value) !== JSON.stringify(truth.get(name))) met.wrong.push(name)
          } catch (error) {
            note(name, error)
          }
        }
      }
    } finally {
      vault.close()
    }
  } catch (error) {
    note('opening', error)
  }
  fs.rmSync(path.dirname(file), { recursive: true })
  return met
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** Evenly among the bytes of a class, and a different bit each time. */
function sample(name: string, most: number): { at: number; bit: number }[] {
  const all = (places[name] ?? []).flatMap(([from, to]) => Array.from({ length: to - from }, (_, n) => from + n))
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.min(most, all.length) }, (_, n) => ({
    at: all[Math.floor(n * step)] ?? 0,
    bit: n % 8,
  }))
}

const flip =
  ({ at, bit }: { at: number; bit: number }) =>
  (bytes: Buffer) =>
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at)

describe('[F8] a bit that was flipped', () => {
  it.each([
    ['format of a sealed value', 8],
    ['key version of a sealed value', 12],
    ['nonce', 16],
    ['tag', 16],
    ['ciphertext', 24],
  ])('in the %s: that value alone does not open, and says so', async (name, most) => {
    for (const it of sample(name, most)) {
      const met = await meet(flip(it))
      expect(met, `${name} at ${it.at}`).toMatchObject({ wrong: [], unnamed: [], missing: [] })
      expect(met.told.length, `${name} at ${it.at}`).toBeGreaterThan(0)
      for (const message of met.told) expect(message).toMatch(/cannot be opened: it was damaged/)
    }
  })

  it.each([
    ['wrapped key', 24],
    ['verifier', 16],
    ['parameters of the key slot', 40],
  ])('in the %s: the vault stays locked, or opens as ever', async (name, most) => {
    expect(sample(name, most).length).toBeGreaterThan(8)
    for (const it of sample(name, most)) {
      const met = await meet(flip(it))
      expect(met, `${name} at ${it.at}`).toMatchObject({ wrong: [], unnamed: [], missing: [] })
      if (name !== 'parameters of the key slot') expect(met.told).toHaveLength(1)
    }
  })

  it.each([
    ['page of the schema', 60],
    ['other pages', 120],
  ])('in the %s: named where it does harm, and never a wrong secret', async (name, most) => {
    for (const it of sample(name, most)) {
      expect(await meet(flip(it)), `${name} at ${it.at}, bit ${it.bit}`).toMatchObject({ wrong: [], unnamed: [] })
    }
  })

  it('in the header of the file, bit by bit: named where it does harm, and never a wrong secret', {
    timeout: 120_000,
  }, async () => {
    for (let at = 0; at < 100; at++) {
      // The versions of the schema and of the application are what Latchkey itself goes by.
      const bits = (at >= 40 && at < 48) || (at >= 56 && at < 72) ? [0, 1, 2, 3, 4, 5, 6, 7] : [0, 5]
      for (const bit of bits) {
        expect(await meet(flip({ at, bit })), `at ${at}, bit ${bit}`).toMatchObject({ wrong: [], unnamed: [] })
      }
    }
  })

  it('anywhere, several at a time', async () => {
    const flips = fc.array(fc.record({ at: fc.nat({ max: whole.length - 1 }), bit: fc.nat({ max: 7 }) }), {
      minLength: 1,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(flips, async (all) => {
        const met = await meet((bytes) => {
          for (const it of all) flip(it)(bytes)
        })
        expect(met).toMatchObject({ wrong: [], unnamed: [] })
      }),
      { numRuns: 60 },
    )
  })
})

describe('ciphertexts that were exchanged', () => {
  it('do not open, whichever two of the same length they are', async () => {
    const all = (places.tag ?? []).map(([at]) => at - 17)
    const ends = new Map((places.ciphertext ?? []).map(([from, to]) => [from - 33, to]))
    const pairs = all.flatMap((one, index) =>
      all.slice(index + 1).flatMap((other) => (lengthOf(one) === lengthOf(other) ? [[one, other] as const] : [])),
    )
    function lengthOf(at: number) {
      return (ends.get(at) ?? at) - at
    }
    expect(pairs.length).toBeGreaterThan(20)
    const step = Math.ceil(pairs.length / 25)
    for (const [one, other] of pairs.filter((_, index) => index % step === 0)) {
      const met = await meet((bytes) => {
        const length = lengthOf(one)
        const kept = Buffer.from(bytes.subarray(one, one + length))
        bytes.copy(bytes, one, other, other + length)
        kept.copy(bytes, other)
      })
      expect(met).toMatchObject({ wrong: [], unnamed: [], missing: [] })
      expect(met.told.length).toBeGreaterThan(0)
    }
  })
})
