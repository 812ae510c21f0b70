import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { lockProfile, ProfileInUse } from '../../../electron/vault/profile-lock.ts'
import { freshFolder } from '../../unit/vault/support.ts'
import { ended, said, startChild } from './child.ts'

const fresh = () => path.join(freshFolder(), 'profile', 'profile.lock')

it('another process that holds the profile is named; once it is gone, however, the profile is free', async () => {
  const file = fresh()
  const child = startChild('hold-lock.ts', file)
  expect(await said(child)).toBe('held')
  const refused = () => lockProfile(file)
  expect(refused).toThrow(ProfileInUse)
  expect(refused).toThrow(expect.objectContaining({ pid: child.pid }))
  expect(refused).toThrow(`Latchkey is already running with this profile (process ${child.pid}).`)
  child.kill('SIGKILL')
  expect(await ended(child)).toBe('SIGKILL')
  const lock = lockProfile(file)
  expect(fs.readFileSync(`${file}.pid`, 'utf8')).toBe(`${process.pid}\n`)
  lock.release()
  expect(fs.existsSync(`${file}.pid`)).toBe(false)
})

it('the process that comes second is refused while the first goes on', async () => {
  const file = fresh()
  const lock = lockProfile(file)
  const child = startChild('hold-lock.ts', file)
  child.stderr?.resume()
  await ended(child)
  expect(child.exitCode).not.toBe(0)
  expect(() => lockProfile(file)).toThrow(expect.objectContaining({ pid: process.pid }))
  lock.release()
})

it('the same process cannot take it twice, and its second try does not lose the first', async () => {
  const file = fresh()
  const lock = lockProfile(file)
  expect(() => lockProfile(file)).toThrow(ProfileInUse)
  const child = startChild('hold-lock.ts', file)
  await ended(child)
  expect(child.exitCode).not.toBe(0)
  lock.release()
  lock.release()
  lockProfile(file).release()
})

it('a process id that nobody wrote is not made up', async () => {
  const file = fresh()
  const lock = lockProfile(file)
  for (const text of ['', 'none', '-4']) {
    fs.writeFileSync(`${file}.pid`, text)
    expect(() => lockProfile(file)).toThrow(expect.objectContaining({ pid: null }))
  }
  lock.release()
})

it('its files are for the owner alone', () => {
  const before = process.umask(0)
  try {
    const file = fresh()
    const lock = lockProfile(file)
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    for (const name of [file, `${file}.pid`]) expect(fs.statSync(name).mode & 0o777).toBe(0o600)
    lock.release()
  } finally {
    process.umask(before)
  }
})
