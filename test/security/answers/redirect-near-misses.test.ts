import { expect, it } from 'vitest'
import { askedForTokens, redirectUri, refusal, victim } from './support.ts'

it.each([
  ['a longer path', `${redirectUri}/`],
  ['a path that goes on', `${redirectUri}x`],
  ['a shorter path', redirectUri.slice(0, -1)],
  ['another port', redirectUri.replace('49152', '49153')],
  ['no port', redirectUri.replace(':49152', '')],
  ['another name for the address', redirectUri.replace('127.0.0.1', 'localhost')],
  ['a name that begins the same', redirectUri.replace('127.0.0.1', '127.0.0.1.evil.example')],
  ['a user name in front', redirectUri.replace('127.0.0.1:49152', '127.0.0.1:49152@evil.example')],
  ['https', redirectUri.replace('http:', 'https:')],
  ['another scheme', redirectUri.replace('http:', 'latchkey:')],
  ['an encoded letter', redirectUri.replace('strict', '%73trict')],
  ['a path of dots that is resolved first', redirectUri.replace('/strict', '/x/%2e%2e/strictly')],
  ['capital letters', redirectUri.replace('callback', 'Callback')],
  ['another provider’s path', redirectUri.replace('strict', 'old')],
])('[F1] an answer at %s is not this sign-in’s', async (_what, wrong) => {
  const { server, answer, finish } = await victim()
  const { search } = await answer()
  expect(await refusal(finish(new URL(`${wrong}${search}`)))).toMatchObject({ failure: 'invalid_answer' })
  expect(askedForTokens(server)).toBe(false)
})
