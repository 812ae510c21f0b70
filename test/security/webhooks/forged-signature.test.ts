import { expect, it } from 'vitest'
import { fromGithub, hmac, world } from '../../integration/webhooks/world.ts'

const body = '{"action":"opened"}'
const good = hmac(body)

it.each<[string, Record<string, string>]>([
  ['no signature', { 'x-hub-signature-256': '' }],
  ['the signature of another body', { 'x-hub-signature-256': `sha256=${hmac('{"action":"closed"}')}` }],
  ['the signature of another secret', { 'x-hub-signature-256': `sha256=${hmac(body, 'hex', 'sha256', 'guessed')}` }],
  ['an unkeyed prefix', { 'x-hub-signature-256': good }],
  ['SHA-1 in its place', { 'x-hub-signature-256': `sha1=${hmac(body, 'hex', 'sha1')}` }],
  ['one hex digit less', { 'x-hub-signature-256': `sha256=${good.slice(1)}` }],
  ['one byte more', { 'x-hub-signature-256': `sha256=${good}00` }],
  ['base64 in place of hex', { 'x-hub-signature-256': `sha256=${hmac(body, 'base64')}` }],
  ['two, of which one fits', { 'x-hub-signature-256': `sha256=${good}, sha256=${good}` }],
])('[D6] a delivery with %s is refused', async (_, headers) => {
  const { save, send, deliveries, counts } = await world()
  const { id } = await save({ preset: 'github' })
  expect((await send(`/hooks/${id}`, { ...fromGithub(body), ...headers }, body)).status).toBe(401)
  expect(deliveries()).toEqual([])
  expect(counts()).toEqual([{ accepted: 0, refused: 1 }])
})
