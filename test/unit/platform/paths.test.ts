import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { privateFile, privateFolder } from '../../../electron/platform/private-files.ts'

describe('profilePaths', () => {
  it('LATCHKEY_HOME holds everything', () => {
    const paths = profilePaths(
      { LATCHKEY_HOME: '/srv/key', HOME: '/home/ada', XDG_RUNTIME_DIR: '/run/user/1000' },
      'linux',
    )
    expect(paths).toEqual({
      home: '/srv/key',
      vault: '/srv/key/vault.db',
      ownerKey: '/srv/key/owner.key',
      endpoint: '/srv/key/endpoint.json',
      socket: '/srv/key/latchkey.sock',
      log: '/srv/key/latchkey.log',
      lock: '/srv/key/profile.lock',
      electron: '/srv/key/electron',
    })
  })

  it('a relative LATCHKEY_HOME is taken from the working folder', () => {
    expect(profilePaths({ LATCHKEY_HOME: 'key' }, 'linux').home).toBe(path.resolve('key'))
  })

  it('Linux keeps the endpoint in XDG_RUNTIME_DIR when there is one', () => {
    const paths = profilePaths({ HOME: '/home/ada', XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux')
    expect(paths.vault).toBe('/home/ada/.config/Latchkey/vault.db')
    expect(paths.endpoint).toBe('/run/user/1000/latchkey/endpoint.json')
    expect(paths.socket).toBe('/run/user/1000/latchkey/latchkey.sock')
    const without = profilePaths({ HOME: '/home/ada', XDG_CONFIG_HOME: '/home/ada/c', XDG_RUNTIME_DIR: 'odd' }, 'linux')
    expect(without.endpoint).toBe('/home/ada/c/Latchkey/endpoint.json')
    expect(without.socket).toBe('/home/ada/c/Latchkey/latchkey.sock')
  })

  it('macOS and Windows use their own places', () => {
    expect(profilePaths({ HOME: '/Users/ada' }, 'darwin').vault).toBe(
      '/Users/ada/Library/Application Support/Latchkey/vault.db',
    )
    const windows = profilePaths({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming', USERNAME: 'ada' }, 'win32')
    expect(windows.vault).toBe('C:\\Users\\ada\\AppData\\Roaming\\Latchkey\\vault.db')
    expect(windows.socket).toMatch(/^\\\\\.\\pipe\\latchkey-[0-9a-f]{16}$/)
    const other = profilePaths({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming', USERNAME: 'grace' }, 'win32')
    expect(other.socket).not.toBe(windows.socket)
  })

  it('a socket path that is too long moves to a short folder of the profile’s own', () => {
    const deep = `/srv/${'deep/'.repeat(30)}`
    const socket = profilePaths({ LATCHKEY_HOME: `${deep}a`, XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux').socket
    expect(socket).toMatch(/^\/run\/user\/1000\/latchkey-[0-9a-f]{16}\/latchkey\.sock$/)
    expect(profilePaths({ LATCHKEY_HOME: `${deep}a`, XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux').socket).toBe(socket)
    expect(profilePaths({ LATCHKEY_HOME: `${deep}b`, XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux').socket).not.toBe(
      socket,
    )
    // Nothing that is offered fits: /tmp does.
    const nowhere = { LATCHKEY_HOME: deep, XDG_RUNTIME_DIR: deep, TMPDIR: deep }
    expect(Buffer.byteLength(profilePaths(nowhere, 'linux').socket)).toBeLessThanOrEqual(100)
    // 100 bytes fit, counted in bytes and not in letters.
    const letters = profilePaths({ LATCHKEY_HOME: `/${'é'.repeat(45)}`, TMPDIR: '/tmp' }, 'linux').socket
    expect(Buffer.byteLength(letters)).toBeLessThanOrEqual(100)
  })
})

describe('private files', () => {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-paths-'))
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  it('are 0600 in 0700 under any umask, new or old', () => {
    for (const umask of [0, 0o077, 0o777]) {
      const before = process.umask(umask)
      try {
        const file = path.join(folder, `u${umask}`, 'file')
        privateFile(file)
        expect(fs.statSync(file).mode & 0o777).toBe(0o600)
        expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
      } finally {
        process.umask(before)
      }
    }
    const old = path.join(folder, 'old')
    fs.writeFileSync(old, 'kept', { mode: 0o666 })
    privateFile(old)
    expect(fs.statSync(old).mode & 0o777).toBe(0o600)
    expect(fs.readFileSync(old, 'utf8')).toBe('kept')
  })

  it('a folder shared by all users is refused and left as it is', () => {
    const shared = path.join(folder, 'shared')
    fs.mkdirSync(shared)
    fs.chmodSync(shared, 0o1777)
    expect(() => privateFolder(shared)).toThrow('shared by all users')
    expect(fs.statSync(shared).mode & 0o7777).toBe(0o1777)
  })

  it('a folder of another user is refused', (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can make a folder of somebody else')
    const foreign = path.join(folder, 'foreign')
    fs.mkdirSync(foreign)
    fs.chownSync(foreign, 12_345, 12_345)
    expect(() => privateFolder(foreign)).toThrow('belongs to another user')
  })
})
