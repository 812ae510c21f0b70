/** Bytes. A key, a certificate chain or a key file is never larger. */
export const largestFile = 65_536

/** A file as text; what is not text (PKCS#12, DER) in base64. Throws when it is too large or cannot be read. */
export async function readFile(file: Blob): Promise<string> {
  if (file.size > largestFile) throw new RangeError('too large')
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  }
}
