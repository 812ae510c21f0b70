import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { freshFolder, seed, tokens, unlocked } from '../../../unit/vault/support.ts'
import { afterMount, canMount } from './own-mounts.ts'

it.skipIf(!canMount)('[F8] a full disk is named, loses nothing, and what comes after it is stored', () => {
  const folder = freshFolder()
  const full = {
    code: 'internal',
    message: expect.stringContaining('is full'),
    action: expect.stringContaining('room'),
  }
  const found = afterMount('mount -t tmpfs -o size=2m tmpfs "$1"', folder, 'full-disk.ts', folder)
  expect(found).toEqual({
    whenFull: full,
    changing: full,
    backup: full,
    afterwards: { state: 'unlocked', refreshToken: 'refresh-1', records: [4000, null], partial: [] },
    withRoom: null,
    damage: [],
    restarted: 'refresh-3',
  })
})

it.skipIf(!canMount)('[F8] a read-only disk is named, and nothing on it is touched', async () => {
  const { vault, file } = await unlocked()
  seed(vault)
  vault.tokens.put('acc_1', tokens())
  vault.close()
  const folder = path.dirname(file)
  const before = contents(folder)
  const readOnly = {
    code: 'internal',
    // Nothing but the message is shown while Latchkey starts.
    message: expect.stringMatching(/read-only.*Make it writable/),
    action: expect.stringContaining('Make it writable'),
  }
  const mount = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"'
  expect(afterMount(mount, folder, 'open-vault.ts', file)).toEqual({ opening: readOnly, locking: readOnly })
  expect(contents(folder)).toEqual(before)
})

function contents(folder: string) {
  return fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name)).toString('base64')])
}
