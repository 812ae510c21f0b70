import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  importSigningKey,
  readCertificate,
  readKeyMaterial,
  signingAlgorithms,
} from '../../../electron/oauth/key-material.ts'
import { newAuthority, pkcs12 } from '../../doubles/certificates.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey
const pkcs8 = (key: typeof rsa) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

describe('a private key that a person hands over', () => {
  it.each([
    ['PKCS#8', pkcs8(rsa)],
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['a JWK', JSON.stringify(rsa.export({ format: 'jwk' }))],
    ['a JWK set', JSON.stringify({ keys: [{ ...rsa.export({ format: 'jwk' }), kid: 'one' }] })],
    ['bytes of PEM', Buffer.from(pkcs8(rsa))],
  ])('[F4] is read from %s', async (_kind, content) => {
    expect(await readKeyMaterial({ content })).toEqual({ privateKey: pkcs8(rsa) })
  })

  it('[F4] is read from SEC 1', async () => {
    const content = ec.export({ type: 'sec1', format: 'pem' }).toString()
    expect(await readKeyMaterial({ content })).toEqual({ privateKey: pkcs8(ec) })
  })

  it('[F4] is read from an encrypted PEM with its passphrase, and stored without one', async () => {
    const content = rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' }).toString()
    expect(await readKeyMaterial({ content, passphrase: 'open' })).toEqual({ privateKey: pkcs8(rsa) })
    await expect(readKeyMaterial({ content })).rejects.toMatchObject({ details: { field: 'passphrase' } })
    await expect(readKeyMaterial({ content, passphrase: 'wrong' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'passphrase' },
    })
  })

  it('[F4] is read from PKCS#12 with its certificate', async () => {
    const pair = await (await newAuthority()).issue('client.test', 'client')
    const file = await pkcs12(pair, 'open sesame')
    const read = await readKeyMaterial({ content: file, passphrase: 'open sesame' })
    expect(createPrivateKey(read.privateKey ?? '').export({ format: 'jwk' })).toEqual(
      createPrivateKey(pair.privateKey).export({ format: 'jwk' }),
    )
    expect(read.certificate?.replaceAll('\n', '')).toBe(pair.certificate.replaceAll('\n', ''))
    const base64 = Buffer.from(file).toString('base64')
    expect(await readKeyMaterial({ content: base64, passphrase: 'open sesame' })).toEqual(read)
    await expect(readKeyMaterial({ content: file, passphrase: 'wrong' })).rejects.toMatchObject({
      details: { field: 'passphrase' },
    })
  })

  it.each([
    ['nothing', '', 'private_key'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'private_key'],
    ['a damaged key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'private_key'],
    ['a public JWK', '{"kty":"EC","crv":"P-256","x":"a","y":"b"}', 'private_key'],
    ['other JSON', '{"type":"service_account"}', 'private_key'],
    ['noise', 'AAECAwQ=', 'private_key'],
  ])('is refused by field when it is %s', async (_kind, content, field) => {
    await expect(readKeyMaterial({ content })).rejects.toMatchObject({ code: 'invalid_request', details: { field } })
  })

  it('is refused when it is too short to be safe, without repeating it', async () => {
    const content = pkcs8(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)
    const error = await readKeyMaterial({ content }).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('2048') })
    expect(String(error)).not.toContain(content.slice(40, 80))
  })

  it('names the algorithms that it can sign with', async () => {
    expect(signingAlgorithms(pkcs8(rsa))).toEqual(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])
    expect(signingAlgorithms(pkcs8(ec))).toEqual(['ES256'])
    expect(signingAlgorithms(pkcs8(ed))).toEqual(['Ed25519', 'EdDSA'])
    expect((await importSigningKey(pkcs8(ec), 'ES256')).extractable).toBe(false)
    expect(() => importSigningKey(pkcs8(ec), '__proto__')).toThrow(/no algorithm/)
  })
})

describe('a client certificate', () => {
  it('[F4] has to belong to the private key', async () => {
    const authority = await newAuthority()
    const [one, two] = [await authority.issue('one.test', 'client'), await authority.issue('two.test', 'client')]
    expect(readCertificate(one.certificate, one.privateKey)).toContain('BEGIN CERTIFICATE')
    expect(() => readCertificate(one.certificate, two.privateKey)).toThrow(/does not belong/)
    expect(() => readCertificate('nonsense', null)).toThrow(/not a certificate/)
  })
})
