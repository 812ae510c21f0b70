import {
  failure,
  judge,
  type LineServer,
  type MailboxOf,
  type MailSignIn,
  mechanisms,
  startLineServer,
} from './mail-sign-in.ts'

/** As much of IMAP (RFC 9051) as a client needs that signs in and looks at an empty inbox. */
export async function startImapServer(
  mailboxOf: MailboxOf,
  offered = mechanisms,
): Promise<LineServer & { signIns: MailSignIn[] }> {
  const signIns: MailSignIn[] = []
  const capabilities = ['IMAP4rev1', 'SASL-IR', ...offered.map((it) => `AUTH=${it}`)].join(' ')
  const server = await startLineServer(`* OK [CAPABILITY ${capabilities}] ready`, (say, end) => {
    let signedIn = false
    let waiting: ((line: string) => Promise<void>) | null = null

    async function authenticate(tag: string, mechanism: string, message: string): Promise<void> {
      const signIn = await judge(mechanism.toUpperCase(), message, mailboxOf)
      signIns.push(signIn)
      signedIn = signIn.accepted
      if (signedIn) return say(`${tag} OK signed in`)
      say(`+ ${failure}`)
      waiting = async () => say(`${tag} NO [AUTHENTICATIONFAILED] invalid token`)
    }

    return async (line) => {
      if (waiting !== null) {
        const take = waiting
        waiting = null
        return take(line)
      }
      const [tag = '*', command = '', ...args] = line.split(' ')
      switch (command.toUpperCase()) {
        case 'CAPABILITY':
          say(`* CAPABILITY ${capabilities}`)
          return say(`${tag} OK done`)
        case 'AUTHENTICATE':
          if (args[1] !== undefined) return authenticate(tag, args[0] ?? '', args[1])
          waiting = (message) => authenticate(tag, args[0] ?? '', message)
          return say('+ ')
        case 'LOGOUT':
          say('* BYE')
          say(`${tag} OK done`)
          return end()
      }
      if (!signedIn) return say(`${tag} NO sign in first`)
      if (/^(SELECT|EXAMINE)$/i.test(command)) say('* 0 EXISTS')
      if (/^LIST$/i.test(command)) say('* LIST (\\HasNoChildren) "/" INBOX')
      say(`${tag} OK done`)
    }
  })
  return { ...server, signIns }
}
