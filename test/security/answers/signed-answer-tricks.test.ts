import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { altered, askedForTokens, refusal, unsigned, victim } from './support.ts'

const jarm = () => victim({}, { authorization: { response_mode: 'query.jwt' } })
const claims = (issuer: string, state: string) => ({
  iss: issuer,
  aud: 'strict-client',
  exp: Math.floor(Date.now() / 1000) + 60,
  code: 'injected-code',
  state,
})

it('[D4] a signed answer (JARM) that nobody signed', async () => {
  const { server, pending, finish } = await jarm()
  const response = unsigned(claims(server.issuer, pending.state))
  expect((await refusal(finish(new URL(`${pending.redirectUri}?response=${response}`)))).failure).toBe('invalid_answer')
  expect(askedForTokens(server)).toBe(false)
})

it('[D4] a signed answer under somebody else’s key', async () => {
  const { server, pending, finish } = await jarm()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const response = await new SignJWT(claims(server.issuer, pending.state))
    .setProtectedHeader({ alg: 'RS256', kid: 'strict' })
    .sign(privateKey)
  expect((await refusal(finish(new URL(`${pending.redirectUri}?response=${response}`)))).failure).toBe('invalid_answer')
  expect(askedForTokens(server)).toBe(false)
})

it.each([
  ['the code', (it: Record<string, unknown>) => ({ ...it, code: 'injected-code' })],
  ['the audience', (it: Record<string, unknown>) => ({ ...it, aud: 'another-client' })],
  ['the end', (it: Record<string, unknown>) => ({ ...it, exp: 1_000_000_000 })],
  ['the issuer', (it: Record<string, unknown>) => ({ ...it, iss: 'https://evil.example' })],
])('[D4] a signed answer with %s changed', async (_what, change) => {
  const { server, answer, finish } = await jarm()
  const url = await answer()
  url.searchParams.set('response', altered(url.searchParams.get('response') ?? '', change))
  expect((await refusal(finish(url))).failure).toMatch(/invalid_answer|issuer_mismatch/)
  expect(askedForTokens(server)).toBe(false)
})

it('[D4] a plain answer where a signed one was asked for', async () => {
  const { server, pending, finish } = await jarm()
  const plain = new URLSearchParams({ code: 'injected-code', state: pending.state, iss: server.issuer })
  expect((await refusal(finish(new URL(`${pending.redirectUri}?${plain}`)))).failure).toBe('invalid_answer')
  expect(askedForTokens(server)).toBe(false)
})
