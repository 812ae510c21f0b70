import { once } from 'node:events'
import { expect, it } from 'vitest'
import { fill, readAll, sealedState } from '../../unit/vault/filled.ts'
import { cheapGuard, locked, unlocked } from '../../unit/vault/support.ts'
import { said, startChild } from './child.ts'

const records = 20_000

it('[F13] a rotation that is killed leaves a vault that reads everything and goes on at the next unlock', async () => {
  const { vault, file } = await unlocked()
  fill(vault)
  vault.transaction(() => {
    for (let n = 0; n < records; n++) vault.records.put('many', `${n}`, `value ${n}`, null)
  })
  const content = readAll(vault)
  vault.close()

  const child = startChild('rotate.ts', file)
  expect(await said(child)).toContain('under way')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const { versions } = sealedState(file)
  expect(versions[1]).toBeGreaterThan(0)
  expect(versions[2]).toBeGreaterThan(0)
  const again = locked({ file }).vault
  expect((await again.unlock(cheapGuard())).state).toBe('unlocked')
  expect(readAll(again)).toEqual(content)
  expect(again.keys.rotation().running).toBe(true)
  await again.keys.settled()
  expect(readAll(again)).toEqual(content)
  expect(again.records.get('many', '19999')).toBe('value 19999')
  const { versions: after, keys } = sealedState(file)
  expect(Object.keys(after)).toEqual(['2'])
  expect(keys).toEqual([{ version: 2, older: 0 }])
})
