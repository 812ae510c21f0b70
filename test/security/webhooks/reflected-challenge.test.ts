import { expect, it } from 'vitest'
import { fromGithub, fromSlack, world } from '../../integration/webhooks/world.ts'

const markup = '<script>alert(1)</script>'

it('[D6] nobody but the configured sender gets anything sent back, and never as a page', async () => {
  const { save, send, clock } = await world()
  const github = await save({ preset: 'github' })
  const slack = await save({ preset: 'slack' })
  const graph = await save({ preset: 'microsoft-graph' })
  const challenge = JSON.stringify({ type: 'url_verification', challenge: markup })
  const query = `?validationToken=${encodeURIComponent(markup)}`

  const silent = [
    await send(`/hooks/${github.id}${query}`, fromGithub(challenge, { 'x-hub-signature-256': 'sha256=00' }), challenge),
    await send(`/hooks/${slack.id}`, { ...fromSlack(challenge, clock.now()), 'x-slack-signature': 'v0=00' }, challenge),
    await send(`/hooks/${graph.id}?validationToken=${'a'.repeat(3000)}`),
  ]
  for (const answer of silent) {
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain(markup)
  }
  const answered = await send(`/hooks/${graph.id}${query}`)
  expect(answered).toMatchObject({ status: 200, text: markup })
  expect(answered.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
})
