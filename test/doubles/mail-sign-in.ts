import net from 'node:net'

/** What a client said to sign in. */
export interface MailSignIn {
  mechanism: string
  /** The message as it came, decoded from base64. */
  message: string
  accepted: boolean
}

/** Whose mailbox a token opens; null: nobody's. */
export type MailboxOf = (token: string) => Promise<string | null>

/** Stands between the parts of a message. */
const separator = '\u0001'

/** The parts of XOAUTH2 (Google, Microsoft) and OAUTHBEARER (RFC 7628 3.1); the message ends with two separators. */
const shapes: Record<string, RegExp[]> = {
  XOAUTH2: [/^user=(?<user>.+)$/, /^auth=Bearer (?<token>.+)$/],
  OAUTHBEARER: [/^n,a=(?<user>[^,]+),$/, /^host=.+$/, /^port=\d+$/, /^auth=Bearer (?<token>.+)$/],
}

export const mechanisms = Object.keys(shapes)

/** Judges a message as a mail server does: its shape, and that the token opens this very mailbox. */
export async function judge(mechanism: string, encoded: string, mailboxOf: MailboxOf): Promise<MailSignIn> {
  const message = Buffer.from(encoded, 'base64').toString('utf8')
  const wellEncoded = Buffer.from(message, 'utf8').toString('base64') === encoded
  const { user, token } = read(mechanism, message)
  const accepted =
    wellEncoded && token !== undefined && user !== undefined && (await mailboxOf(token)) === unescaped(user)
  return { mechanism, message, accepted }
}

/** Each part in its place; host and port may be missing. */
function read(mechanism: string, message: string): { user?: string; token?: string } {
  const parts = message.split(separator)
  if (parts.splice(-2).some((part) => part !== '')) return {}
  const found: { user?: string; token?: string } = {}
  for (const shape of shapes[mechanism] ?? []) {
    const match = shape.exec(parts[0] ?? '')
    if (!match && shape.source.includes('<')) return {}
    if (!match) continue
    Object.assign(found, match.groups)
    parts.shift()
  }
  return parts.length === 0 ? found : {}
}

/** RFC 5801 4 */
const unescaped = (name: string) => name.replaceAll('=2C', ',').replaceAll('=3D', '=')

/** The challenge that tells a client why it failed; it answers with anything and is refused then. */
export const failure = Buffer.from(
  JSON.stringify({ status: '401', schemes: 'bearer', scope: 'https://mail.example.com/' }),
).toString('base64')

export interface LineServer {
  port: number
  close(): Promise<void>
}

/** A server that answers line by line, one after the other. */
export async function startLineServer(
  greeting: string,
  session: (say: (line: string) => void, end: () => void) => (line: string) => Promise<void>,
): Promise<LineServer> {
  const open = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    const say = (line: string) => socket.write(`${line}\r\n`)
    const answer = session(say, () => socket.end())
    let rest = ''
    let turn = Promise.resolve()
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) turn = turn.then(() => answer(line))
    })
    say(greeting)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
