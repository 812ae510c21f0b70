import type { IncomingMessage } from 'node:http'

/** Bytes. An answer is a few thousand long: a code, a state, perhaps a signed or encrypted token around them. */
const limit = 65_536

/** The fields of a posted form, or the HTTP status it is refused with. */
export type Form = { refused: null; fields: URLSearchParams } | { refused: 413 | 415; fields: null }

/** Reads `application/x-www-form-urlencoded`, the one thing that is posted here (OAuth 2.0 Form Post Response Mode 2). */
export async function readForm(incoming: IncomingMessage): Promise<Form> {
  const type = (incoming.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return { refused: 415, fields: null }
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return { refused: 413, fields: null }
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of incoming) {
      const bytes: Buffer = part
      size += bytes.length
      if (size > limit) return { refused: 413, fields: null }
      parts.push(bytes)
    }
  } catch {
    // Cut off on the way: nobody is there to be answered.
    return { refused: 415, fields: null }
  }
  return { refused: null, fields: new URLSearchParams(Buffer.concat(parts).toString('utf8')) }
}
