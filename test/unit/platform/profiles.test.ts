import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { profilePaths, withProfile } from '../../../electron/platform/paths.ts'
import { hostArguments, listProfiles } from '../../../electron/platform/profiles.ts'

const env = { HOME: '/people/ada', XDG_RUNTIME_DIR: '/live/ada' }
const linux = (extra: NodeJS.ProcessEnv) => profilePaths({ ...env, ...extra }, 'linux')

describe('[E1] the paths of a profile', () => {
  it('are all its own: none of two profiles is the same', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const of = (name: string) => Object.values(profilePaths({ ...env, LATCHKEY_PROFILE: name }, platform))
      const all = ['', 'work', 'home', 'Work2'].flatMap(of)
      expect(new Set(all).size, platform).toBe(all.length)
    }
    expect(linux({ LATCHKEY_PROFILE: 'work' })).toMatchObject({
      home: '/people/ada/.config/Latchkey/profiles/work',
      vault: '/people/ada/.config/Latchkey/profiles/work/vault.db',
      endpoint: '/live/ada/latchkey/profiles/work/endpoint.json',
      socket: '/live/ada/latchkey/profiles/work/latchkey.sock',
      electron: '/people/ada/.config/Latchkey/profiles/work/electron',
    })
  })

  it('the default profile is where it always was', () => {
    expect(linux({ LATCHKEY_PROFILE: 'default' })).toEqual(linux({}))
    expect(linux({ LATCHKEY_PROFILE: '' })).toEqual(linux({}))
  })

  it('LATCHKEY_HOME goes before a name in the environment, and a name on the command line before both', () => {
    const both = { ...env, LATCHKEY_HOME: '/srv/key', LATCHKEY_PROFILE: 'home' }
    expect(profilePaths(both, 'linux').home).toBe('/srv/key')
    expect(profilePaths(withProfile(both, 'work'), 'linux').home).toBe('/people/ada/.config/Latchkey/profiles/work')
    expect(withProfile(both, undefined)).toBe(both)
  })

  it.each(['..', '.', 'a/b', '../work', 'a\\b', 'a b', '-'.repeat(41), 'ä', 'a\0'])('refuses the name “%s”', (name) => {
    expect(() => linux({ LATCHKEY_PROFILE: name })).toThrow('letters, digits')
  })
})

it('a host reads its own arguments and leaves the others alone', () => {
  expect(hostArguments(['--profile', 'work', '--memory'])).toEqual({ profile: 'work', memory: true })
  expect(hostArguments(['--no-sandbox', '--profile=work', 'latchkey://account/acc_1'])).toEqual({
    profile: 'work',
    memory: false,
  })
  expect(hostArguments([])).toEqual({ profile: undefined, memory: false })
  expect(() => hostArguments(['--profile'])).toThrow('needs the name')
})

it('[E1] lists the profiles of this user, which is meant, and which run', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-profiles-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true }))
  const mine = { HOME: home, XDG_CONFIG_HOME: path.join(home, 'config') }
  const at = (name: string) => profilePaths({ ...mine, LATCHKEY_PROFILE: name }, 'linux')
  expect(listProfiles(mine, 'linux')).toEqual([
    { name: 'default', home: at('default').home, current: true, running: false },
  ])
  for (const name of ['work', 'home', 'not a name', 'default']) {
    fs.mkdirSync(path.join(at('default').home, 'profiles', name), { recursive: true })
  }
  fs.writeFileSync(at('work').endpoint, JSON.stringify({ pid: process.pid }))
  fs.writeFileSync(at('home').endpoint, JSON.stringify({ pid: 2 ** 22 + 1 }))
  expect(listProfiles({ ...mine, LATCHKEY_PROFILE: 'work' }, 'linux').map(({ home: _, ...it }) => it)).toEqual([
    { name: 'default', current: false, running: false },
    { name: 'home', current: false, running: false },
    { name: 'work', current: true, running: true },
  ])
  // One that has never been started, and a folder that is nowhere near the others.
  expect(listProfiles({ ...mine, LATCHKEY_PROFILE: 'new' }, 'linux').at(-1)).toMatchObject({
    name: 'new',
    current: true,
  })
  expect(listProfiles({ ...mine, LATCHKEY_HOME: '/srv/key' }, 'linux').at(-1)).toEqual({
    name: '/srv/key',
    home: '/srv/key',
    current: true,
    running: false,
  })
})
