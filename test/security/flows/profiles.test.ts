import fs from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { connectPractice, startHost } from '../../integration/whole/host.ts'

/** A profile of its own, as `LATCHKEY_HOME` makes one; gone with the test. */
async function profile() {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true })
  })
  return host
}

it('[E1] what belongs to one profile is invisible to another, and the same provider can be in both', async () => {
  const [work, home] = [await profile(), await profile()]
  const account = await connectPractice(work, 'ada')
  expect(await home.client.accounts()).toEqual([])
  await expect(home.client.account(account.id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(home.client.request(account.alias, { url: '/api/me' })).rejects.toMatchObject({ code: 'not_found' })

  const same = await connectPractice(home, 'ada')
  expect(same.alias).toBe(account.alias)
  expect(same.id).not.toBe(account.id)
  await home.client.remove(same.id)
  expect(await work.client.request(account.alias, { url: '/api/me' })).toMatchObject({ status: 200 })
})

it('[E1] the owner key of one profile opens nothing in another', async () => {
  const [work, home] = [await profile(), await profile()]
  await connectPractice(home, 'grace')
  const key = fs.readFileSync(work.paths.ownerKey, 'utf8').trim()
  const answer = await fetch(`${home.latchkey.api.http}/v1/accounts`, { headers: { authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(401)
  expect(await answer.text()).not.toContain('grace')
})
