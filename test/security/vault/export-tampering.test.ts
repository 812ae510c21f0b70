import { expect, it } from 'vitest'
import { fill, holdings, owner, passphrase, profile } from '../../integration/vault/transfer-world.ts'

const cannotOpen = 'This export cannot be opened: the passphrase is wrong, or the file was changed.'

it('[F15] a bit that is flipped anywhere in an export is noticed, and nothing is imported', async () => {
  const [there, here] = [await profile(), await profile()]
  fill(there)
  const file = Buffer.from(await there.export('github:ada'), 'base64')
  const sealedAt = 20 + file.readUInt32BE(16)
  // Every byte of what stands before the contents and of the tag; of the contents some.
  const places = [...file.keys()].filter((at) => at < sealedAt || at >= file.length - 16 || at % 23 === 0)
  const before = JSON.stringify(holdings(here.vault))
  const said = new Set<string>()
  for (const at of places) {
    const changed = Buffer.from(file)
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at)
    const error = await here.import(changed.toString('base64')).then(
      () => new Error(`The change of byte ${at} was not noticed.`),
      (it: Error & { code?: string; details?: { field?: string } }) => it,
    )
    expect(error, `byte ${at}`).toMatchObject({ code: 'invalid_request' })
    // That it is no export, or one of another version, is plain to see. Everything else says the same.
    if (at > 15) expect(error.message, `byte ${at}`).toBe(cannotOpen)
    said.add(error.message)
  }
  expect(places.length).toBeGreaterThan(200)
  expect(said.size).toBeLessThan(12)
  expect(JSON.stringify(holdings(here.vault))).toBe(before)
  expect((await here.import(file.toString('base64'))).accounts).toHaveLength(1)
})

it('[F15] a wrong passphrase and a changed file cannot be told apart', async () => {
  const there = await profile()
  fill(there)
  const document = await there.export()
  const wrong = there.service.import({ document, passphrase: 'another passphrase', existing: 'newer' }, owner)
  await expect(wrong).rejects.toMatchObject({
    code: 'invalid_request',
    details: { field: 'passphrase' },
    message: cannotOpen,
  })
  const cut = Buffer.from(document, 'base64').subarray(0, -1).toString('base64')
  await expect(there.import(cut)).rejects.toMatchObject({ details: { field: 'passphrase' }, message: cannotOpen })
})

it('[F15] an export holds nothing readable, and neither errors nor the activity hold a secret', async () => {
  const there = await profile()
  fill(there)
  const file = Buffer.from(await there.export(), 'base64')
  const secrets =
    /ada-access|ada-refresh|robot-access|robot-password|github-secret|acme-private-key|proxy-password|hook-secret/
  expect(file.toString('latin1')).not.toMatch(secrets)
  expect(file.toString('latin1')).not.toMatch(/github|example\.com/)
  expect(JSON.stringify(holdings(there.vault))).toMatch(secrets)
  expect(JSON.stringify(there.activity.list({ limit: 50 }))).not.toMatch(new RegExp(`${secrets.source}|${passphrase}`))
})
