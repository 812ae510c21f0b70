/** Standard base64 (RFC 4648 section 4), as the contract carries files. */
export function toBase64(bytes: Uint8Array): string {
  // As arguments of one call, a whole file would be too many.
  const part = 8192
  let text = ''
  for (let at = 0; at < bytes.length; at += part) text += String.fromCharCode(...bytes.subarray(at, at + part))
  return btoa(text)
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
