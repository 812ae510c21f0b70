import { LatchkeyError } from '../../../shared/errors.ts'

/** The two SASL mechanisms that sign in with an access token, as the client's first and only message. */

const separator = '\u0001'

/**
 * XOAUTH2, as Google and Microsoft write it down: `user=USER^Aauth=Bearer TOKEN^A^A`, ^A being the byte 1.
 * (developers.google.com/workspace/gmail/imap/xoauth2-protocol; learn.microsoft.com, “Authenticate an IMAP, POP or SMTP
 * connection using OAuth”)
 */
export function xoauth2Message(user: string, token: string): string {
  return `user=${plain('user', user)}${separator}auth=Bearer ${plain('token', token)}${separator}${separator}`
}

/**
 * OAUTHBEARER (RFC 7628 3.1): a GS2 header with who it is for, then key-value pairs. Host and port are those that the
 * client connected to; servers may check them.
 */
export function oauthBearerMessage(user: string, token: string, server: { host?: string; port?: number } = {}): string {
  const pairs = [
    ...(server.host === undefined ? [] : [`host=${plain('host', server.host)}`]),
    ...(server.port === undefined ? [] : [`port=${server.port}`]),
    `auth=Bearer ${plain('token', token)}`,
  ]
  return `n,a=${saslName(plain('user', user))},${separator}${pairs.join(separator)}${separator}${separator}`
}

/** RFC 5801 4: a comma and an equals sign are the header's own. */
const saslName = (name: string) => name.replaceAll('=', '=3D').replaceAll(',', '=2C')

/** A control character would end one value and begin another. */
function plain(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\u0000-\u001f\u007f]/.test(value)) return value
  throw new LatchkeyError('invalid_request', `The ${name} holds a control character and cannot be sent.`, {
    field: name,
  })
}
