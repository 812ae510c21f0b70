import { createPrivateKey, X509Certificate } from 'node:crypto'
import { AuthenticatedSafe, CertBag, Certificate, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo, SafeContents } from 'pkijs'
import { LatchkeyError } from '../../shared/errors.ts'

/** id-data (RFC 5652 4): contents that are not encrypted. */
const plainContents = '1.2.840.113549.1.7.1'

/**
 * The private key and certificates of a PKCS#12 file (RFC 7292) as PEM texts, the key's own certificate first.
 *
 * @throws LatchkeyError `invalid_request` with field `passphrase` when it does not open the file, `private_key` when the
 *   file is none, or was written with a cipher of the 1990s (RC2, 3DES), which the library rightly leaves out.
 */
export async function unpackPkcs12(
  file: Uint8Array,
  passphrase: string,
): Promise<{ privateKey?: string; certificate?: string }> {
  const password = new Uint8Array(Buffer.from(passphrase, 'utf8')).buffer
  const pfx = parse(file)
  await pfx.parseInternalValues({ password, checkIntegrity: true }).catch(() => {
    throw invalid('passphrase', 'The passphrase does not open this PKCS#12 file.')
  })
  const keys: Uint8Array[] = []
  const certificates: Uint8Array[] = []
  for (const { safeBags } of await contentsOf(pfx, password)) {
    for (const { bagValue } of safeBags) {
      if (bagValue instanceof PKCS8ShroudedKeyBag) {
        await (bagValue as unknown as Shrouded).parseInternalValues({ password }).catch(tooOld)
        if (bagValue.parsedValue) keys.push(der(bagValue.parsedValue))
      } else if (bagValue instanceof PrivateKeyInfo) keys.push(der(bagValue))
      else if (bagValue instanceof CertBag && bagValue.parsedValue instanceof Certificate) {
        certificates.push(new Uint8Array(bagValue.parsedValue.toSchema(true).toBER(false)))
      }
    }
  }
  const [key] = keys
  if (key === undefined) throw invalid('private_key', 'This PKCS#12 file holds no private key.')
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
  const chain = certificates.map((bytes) => new X509Certificate(bytes))
  const own = chain.findIndex((it) => it.checkPrivateKey(privateKey))
  const ordered = own < 0 ? [] : [chain[own], ...chain.filter((_, index) => index !== own)]
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...(ordered.length > 0 ? { certificate: ordered.map((it) => it?.toString().trim()).join('\n') } : {}),
  }
}

/** Public by use, though the library's types call it protected. */
interface Shrouded {
  parseInternalValues(parameters: { password: ArrayBuffer }): Promise<void>
}

function parse(file: Uint8Array): PFX {
  try {
    return PFX.fromBER(new Uint8Array(file).buffer)
  } catch {
    throw invalid('private_key', 'This is neither PEM nor a JWK nor a PKCS#12 file (.p12, .pfx).')
  }
}

async function contentsOf(pfx: PFX, password: ArrayBuffer): Promise<SafeContents[]> {
  const safe = pfx.parsedValue?.authenticatedSafe
  if (!(safe instanceof AuthenticatedSafe)) throw invalid('private_key', 'This PKCS#12 file is damaged.')
  const safeContents = safe.safeContents.map(({ contentType }) => (contentType === plainContents ? {} : { password }))
  await safe.parseInternalValues({ safeContents }).catch(tooOld)
  const parsed: { value?: unknown }[] = safe.parsedValue?.safeContents ?? []
  return parsed.map(({ value }) => value).filter((value) => value instanceof SafeContents)
}

function der(info: PrivateKeyInfo): Uint8Array {
  return new Uint8Array(info.toSchema().toBER(false))
}

function tooOld(): never {
  throw invalid(
    'private_key',
    'This PKCS#12 file uses a cipher that is no longer safe. Export it again with AES-256 (in Windows: AES256-SHA256).',
  )
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
