import { expect, it } from 'vitest'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from '../../integration/protocol/world.ts'

async function waiting(response_mode: 'query' | 'form_post' | 'fragment') {
  const server = await startStrictServer()
  const { start, connect } = await world([
    { definition: server.definition({ authorization: { response_mode } }), clientId: server.clientId },
  ])
  const flow = await start()
  return {
    uri: flow.redirect_uri ?? '',
    untouched: () => connect.get(flow.id).state === 'waiting_for_person',
    close: server.close,
  }
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }

it.each([
  ['a state of its own', { body: 'code=x&state=forged', headers: form }, 400],
  ['no state', { body: 'code=x', headers: form }, 400],
  ['JSON', { body: '{"code":"x"}', headers: { 'content-type': 'application/json' } }, 415],
  ['plain text, as any page may post', { body: 'code=x', headers: { 'content-type': 'text/plain' } }, 415],
  ['too much', { body: `code=${'x'.repeat(70_000)}`, headers: form }, 413],
])('[D4] a posted answer with %s changes nothing', async (_what, request, status) => {
  const { uri, untouched, close } = await waiting('form_post')
  try {
    expect((await fetch(uri, { method: 'POST', ...request })).status).toBe(status)
    expect(untouched()).toBe(true)
  } finally {
    await close()
  }
})

it('[D4] an answer is not posted where it was asked for in the query', async () => {
  const { uri, untouched, close } = await waiting('query')
  try {
    expect((await fetch(uri, { method: 'POST', body: 'code=x', headers: form })).status).toBe(405)
    expect(untouched()).toBe(true)
  } finally {
    await close()
  }
})

it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])(
  '[D4] a fragment that a page at %s says it saw',
  async (origin) => {
    const { uri, untouched, close } = await waiting('fragment')
    try {
      const answer = await fetch(uri, { method: 'POST', body: 'fragment=code%3Dx', headers: { ...form, origin } })
      expect(answer.status).toBe(403)
      expect(untouched()).toBe(true)
    } finally {
      await close()
    }
  },
)
