import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'

export interface Pair {
  /** PEM */
  certificate: string
  /** PEM, PKCS#8 */
  privateKey: string
}

export interface CertificateAuthority {
  /** PEM of the authority's own certificate. */
  certificate: string
  /** A certificate for a server at 127.0.0.1 and localhost, or for a client of this name. Valid for a day. */
  issue(name: string, usage: 'server' | 'client'): Promise<Pair>
}

const day = 86_400_000
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
let serial = 1

/** A private certificate authority, made anew for each run with nothing but JavaScript. */
export async function newAuthority(name = 'Authority of the tests'): Promise<CertificateAuthority> {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
  const own = newCertificate(name, name)
  own.extensions = [
    extension('2.5.29.19', new pkijs.BasicConstraints({ cA: true }).toSchema(), true),
    extension('2.5.29.15', new asn1.BitString({ valueHex: new Uint8Array([0x06]).buffer, unusedBits: 1 }), true),
  ]
  await finish(own, keys.publicKey, keys.privateKey)
  return {
    certificate: pem('CERTIFICATE', own.toSchema(true).toBER()),
    async issue(subject, usage) {
      const pair = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
      const certificate = newCertificate(subject, name)
      certificate.extensions = [
        extension(
          '2.5.29.37',
          new pkijs.ExtKeyUsage({ keyPurposes: [usage === 'server' ? serverAuth : clientAuth] }).toSchema(),
        ),
        extension('2.5.29.17', new pkijs.GeneralNames({ names: namesOf(subject, usage) }).toSchema()),
      ]
      await finish(certificate, pair.publicKey, keys.privateKey)
      return {
        certificate: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
        privateKey: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
      }
    },
  }
}

/** A PKCS#12 file (RFC 7292) as today's tools write it: AES-256, PBKDF2, a MAC with SHA-256. */
export async function pkcs12({ certificate, privateKey }: Pair, passphrase: string): Promise<Uint8Array> {
  const password = new TextEncoder().encode(passphrase).buffer
  const key = pkijs.PrivateKeyInfo.fromBER(der(privateKey))
  const shrouded = new pkijs.PKCS8ShroudedKeyBag({ parsedValue: key })
  const cipher = {
    password,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: 2048,
  }
  await (shrouded as unknown as { makeInternalValues(parameters: typeof cipher): Promise<void> }).makeInternalValues(
    cipher,
  )
  const contents = (bagId: string, bagValue: pkijs.BagType) =>
    new pkijs.SafeContents({ safeBags: [new pkijs.SafeBag({ bagId, bagValue })] })
  const certBag = new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(der(certificate)) })
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            { privacyMode: 0, value: contents('1.2.840.113549.1.12.10.1.2', shrouded) },
            { privacyMode: 1, value: contents('1.2.840.113549.1.12.10.1.3', certBag) },
          ],
        },
      }),
    },
  })
  await pfx.parsedValue?.authenticatedSafe?.makeInternalValues({ safeContents: [{}, cipher] })
  await pfx.makeInternalValues({
    password,
    iterations: 2048,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  })
  return new Uint8Array(pfx.toSchema().toBER())
}

const serverAuth = '1.3.6.1.5.5.7.3.1'
const clientAuth = '1.3.6.1.5.5.7.3.2'

function newCertificate(subject: string, issuer: string): pkijs.Certificate {
  const certificate = new pkijs.Certificate()
  certificate.version = 2
  certificate.serialNumber = new asn1.Integer({ value: serial++ })
  for (const [name, holder] of [
    [subject, certificate.subject],
    [issuer, certificate.issuer],
  ] as const) {
    holder.typesAndValues.push(
      new pkijs.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1.Utf8String({ value: name }) }),
    )
  }
  certificate.notBefore.value = new Date(Date.now() - day)
  certificate.notAfter.value = new Date(Date.now() + day)
  return certificate
}

async function finish(certificate: pkijs.Certificate, publicKey: CryptoKey, signer: CryptoKey): Promise<void> {
  await certificate.subjectPublicKeyInfo.importKey(publicKey)
  await certificate.sign(signer, 'SHA-256')
}

function namesOf(subject: string, usage: 'server' | 'client'): pkijs.GeneralName[] {
  if (usage === 'client') return [new pkijs.GeneralName({ type: 2, value: subject })]
  const address = new asn1.OctetString({ valueHex: new Uint8Array([127, 0, 0, 1]).buffer })
  return [new pkijs.GeneralName({ type: 2, value: 'localhost' }), new pkijs.GeneralName({ type: 7, value: address })]
}

function extension(extnID: string, value: { toBER(): ArrayBuffer }, critical = false): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() })
}

function pem(label: string, bytes: ArrayBuffer): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function der(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')).buffer
}
