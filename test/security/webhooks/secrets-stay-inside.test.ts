import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { fromGithub, secret, world } from '../../integration/webhooks/world.ts'

it('[D6] neither the secret nor a body stands anywhere in the clear: lists, events, activity, vault file', async () => {
  const { save, send, webhooks, activity, folder, announced, deliveries } = await world()
  const { id } = await save({ preset: 'github' })
  const body = '{"private":"the-canary-of-this-body"}'
  await send(`/hooks/${id}`, fromGithub(body), body)
  const shown = JSON.stringify([webhooks.endpoints(), deliveries(), announced(), activity.list({ limit: 100 })])
  expect(shown).not.toContain(secret)
  expect(shown).not.toContain('the-canary-of-this-body')
  expect(JSON.stringify(webhooks.delivery(deliveries()[0]?.id ?? ''))).not.toMatch(new RegExp(`${secret}|sha256=`))
  const files = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'latin1'))
  expect(files.length).toBeGreaterThan(0)
  for (const text of files) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain('the-canary-of-this-body')
  }
})
