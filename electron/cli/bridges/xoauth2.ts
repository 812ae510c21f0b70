import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { oauthBearerMessage, xoauth2Message } from './sasl.ts'
import { tokenFor } from './token.ts'

export interface Xoauth2Options {
  user?: string
  mechanism: string
  host?: string
  port?: number
  raw?: true
  minValidity?: number
}

/** The message that signs a mail client in. */
export async function xoauth2(account: string, options: Xoauth2Options, session: Session): Promise<void> {
  const { mechanism, host, port } = options
  if (mechanism !== 'xoauth2' && mechanism !== 'oauthbearer') {
    throw new UsageError(`There is no mechanism “${mechanism}”. There are: xoauth2, oauthbearer.`)
  }
  if (mechanism === 'xoauth2' && (host !== undefined || port !== undefined)) {
    throw new UsageError('Only oauthbearer says which host and port it is for.')
  }
  const user = options.user ?? (await mailbox(account, session))
  const { access_token: token } = await tokenFor(account, options, session)
  const message =
    mechanism === 'xoauth2' ? xoauth2Message(user, token) : oauthBearerMessage(user, token, { host, port })
  // A line break would be part of the raw message; in base64 it is none.
  session.io.stdout.write(options.raw ? message : `${Buffer.from(message, 'utf8').toString('base64')}\n`)
}

async function mailbox(account: string, session: Session): Promise<string> {
  const { alias, identity } = await session.client.account(account)
  if (identity?.email) return identity.email
  throw new UsageError(`No email address is known for ${alias}. Name the mailbox: --user ADDRESS`)
}
