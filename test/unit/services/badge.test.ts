import { expect, it } from 'vitest'
import { createBadge } from '../../../electron/services/badge.ts'
import { storageBadgeSchema } from '../../../shared/contract-vault.ts'

const plain = createBadge({ memoryOnly: false, passphraseInFile: false })

it('[G7] says honestly what protects the vault', () => {
  expect(plain.get(['safe-storage']).level).toBe('key_store')
  expect(plain.get(['os-keyring']).level).toBe('key_store')
  expect(plain.get(['passphrase']).level).toBe('passphrase')
  expect(plain.get(['safe-storage', 'passphrase']).level).toBe('key_store_and_passphrase')
  expect(createBadge({ memoryOnly: true, passphraseInFile: false }).get([]).level).toBe('memory_only')
})

it('[G7] is as good as the weakest way in', () => {
  const file = createBadge({ memoryOnly: false, passphraseInFile: true })
  expect(file.get(['passphrase']).level).toBe('passphrase_in_file')
  expect(file.get(['os-keyring', 'passphrase']).level).toBe('passphrase_in_file')
  // The file opens nothing where there is no passphrase.
  expect(file.get(['os-keyring']).level).toBe('key_store')
  expect(createBadge({ memoryOnly: true, passphraseInFile: true }).get([]).level).toBe('memory_only')
})

it('[G7] names a way up from each level but the highest', () => {
  const levels = storageBadgeSchema.shape.level.options
  const badges = [
    createBadge({ memoryOnly: true, passphraseInFile: false }).get([]),
    createBadge({ memoryOnly: false, passphraseInFile: true }).get(['passphrase']),
    plain.get(['os-keyring']),
    plain.get(['passphrase']),
    plain.get(['os-keyring', 'passphrase']),
  ]
  expect(badges.map((it) => it.level)).toEqual(levels)
  for (const badge of badges) {
    expect(storageBadgeSchema.parse(badge)).toEqual(badge)
    expect(badge.way_up === null).toBe(badge.level === 'key_store_and_passphrase')
  }
})
