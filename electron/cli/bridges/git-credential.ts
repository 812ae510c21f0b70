import { createHash } from 'node:crypto'
import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { line } from '../text.ts'
import { accountsFor, type GitAccount } from './git-account.ts'
import { destinationOf } from './git-hosts.ts'
import { answerText, type CredentialRequest, longestRequest, parseRequest } from './git-protocol.ts'

/**
 * git's credential helper (gitcredentials(7), “Custom helpers”). Where it has nothing to say it says nothing on standard
 * output, so that git goes on to the next helper or asks the person; why stands on standard error.
 */
export async function gitCredential(operation: string, session: Session): Promise<void> {
  const request = parseRequest(await readRequest(session))
  if (operation === 'get') return get(request, session)
  if (operation === 'erase') return erase(request, session)
  // `store`: the token is Latchkey's already. “If a helper receives any other operation, it should silently ignore it.”
}

async function get(request: CredentialRequest, session: Session): Promise<void> {
  const url = destinationOf(request)
  if (url === null) {
    if (request.protocol === 'http') {
      session.note(`latchkey: no token goes to ${line(request.host)} over plain http. Use https.`)
    }
    return
  }
  const accounts = await accountsFor({ url, username: request.username }, session.client)
  const [only] = accounts
  if (only === undefined) return
  if (accounts.length > 1) return session.note(severalText(url, accounts))
  const token = await session.client.token(only.account.id)
  const expiry = token.expires_at === null ? [] : [pair('password_expiry_utc', epoch(token.expires_at))]
  session.io.stdout.write(
    answerText(
      wantsBearer(request)
        ? [
            pair('capability[]', 'authtype'),
            pair('authtype', 'Bearer'),
            pair('credential', token.access_token),
            pair('ephemeral', '1'),
            ...expiry,
          ]
        : [pair('username', only.username), pair('password', token.access_token), ...expiry],
    ),
  )
}

/**
 * The server refused this token: Latchkey gets a new one. Only the account that it belongs to is touched, which its
 * fingerprint tells, and only if it has not been replaced meanwhile.
 */
async function erase(request: CredentialRequest, session: Session): Promise<void> {
  const url = destinationOf(request)
  const { password } = request
  if (url === null || password === null) return
  const fingerprint = createHash('sha256').update(password).digest('hex').slice(0, 16)
  for (const { account } of await accountsFor({ url, username: request.username }, session.client)) {
    const { tokens } = await session.client.inspect(account.id)
    if (!tokens.some((token) => token.kind === 'access_token' && token.fingerprint === fingerprint)) continue
    await session.client.token(account.id, { rejected: password })
  }
}

const pair = (key: string, value: string): [string, string] => [key, value]
const epoch = (time: string) => String(Math.floor(Date.parse(time) / 1000))

/** Bearer only for a server that asks for it and takes no password, and a git that can send it (2.46 and newer). */
function wantsBearer({ capabilities, challenges }: CredentialRequest): boolean {
  const asked = (scheme: string) => challenges.some((it) => it.split(/[\s,]/, 1)[0]?.toLowerCase() === scheme)
  return capabilities.includes('authtype') && asked('bearer') && !asked('basic')
}

function severalText(url: URL, accounts: GitAccount[]): string {
  const names = accounts.map(({ account }) => `  ${line(account.alias)}`)
  const [first] = accounts
  return [
    `latchkey: ${accounts.length} accounts are possible for ${url.host}:`,
    ...names,
    'Choose one for the whole host, or one for a repository by its user name:',
    `  latchkey bind ${url.host} ${line(first?.account.alias ?? 'ACCOUNT')}`,
    `  git config credential.${url.origin}.username ${line(first?.account.alias ?? 'ACCOUNT')}`,
  ].join('\n')
}

/** Up to the empty line or the end, whichever is first: git may keep its end open until it has been answered. */
async function readRequest({ io }: Session): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of io.stdin) {
    const piece = Buffer.from(chunk)
    length += piece.length
    if (length > longestRequest) throw new UsageError('This is too long to be a request of git’s.')
    chunks.push(piece)
    if (/(^|\n)\n/.test(Buffer.concat(chunks).toString('latin1'))) break
  }
  return Buffer.concat(chunks)
}
