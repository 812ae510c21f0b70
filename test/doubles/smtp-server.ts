import {
  failure,
  judge,
  type LineServer,
  type MailboxOf,
  type MailSignIn,
  mechanisms,
  startLineServer,
} from './mail-sign-in.ts'

/** As much of SMTP (RFC 5321, RFC 4954) as a client needs that signs in and sends. */
export async function startSmtpServer(
  mailboxOf: MailboxOf,
): Promise<LineServer & { signIns: MailSignIn[]; mails: string[] }> {
  const signIns: MailSignIn[] = []
  const mails: string[] = []
  const server = await startLineServer('220 mail.example.com ESMTP', (say, end) => {
    let signedIn = false
    let mail: string[] | null = null
    let waiting: ((line: string) => Promise<void>) | null = null

    async function authenticate(mechanism: string, message: string): Promise<void> {
      const signIn = await judge(mechanism.toUpperCase(), message, mailboxOf)
      signIns.push(signIn)
      signedIn = signIn.accepted
      if (signedIn) return say('235 2.7.0 signed in')
      say(`334 ${failure}`)
      waiting = async () => say('535 5.7.8 invalid token')
    }

    return async (line) => {
      if (mail !== null) {
        if (line !== '.') return void mail.push(line)
        mails.push(mail.join('\n'))
        mail = null
        return say('250 2.0.0 taken')
      }
      if (waiting !== null) {
        const take = waiting
        waiting = null
        return take(line)
      }
      const [command = '', ...args] = line.split(' ')
      switch (command.toUpperCase()) {
        case 'EHLO':
          say('250-mail.example.com')
          return say(`250 AUTH ${mechanisms.join(' ')}`)
        case 'AUTH':
          if (args[1] !== undefined) return authenticate(args[0] ?? '', args[1])
          waiting = (message) => authenticate(args[0] ?? '', message)
          return say('334 ')
        case 'QUIT':
          say('221 2.0.0 bye')
          return end()
      }
      if (!signedIn) return say('530 5.7.0 sign in first')
      if (command.toUpperCase() !== 'DATA') return say('250 2.1.0 fine')
      mail = []
      say('354 go on')
    }
  })
  return { ...server, signIns, mails }
}
