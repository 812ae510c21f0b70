import type { Command } from 'commander'
import { accountHelp, whole, words } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { printToken } from '../token.ts'

interface TokenOptions {
  minValidity?: number
  scopes?: string[]
  audience?: string
}

export function addToken(program: Command, session: Session): void {
  const token = program
    .command('token')
    .helpGroup('Using an account:')
    .argument('<account>', accountHelp)
    .description('print an access token, refreshed first if need be')
    .option('--min-validity <seconds>', 'it has to live this long at least', whole)
    .option('--scopes <scopes>', 'it has to have these scopes, between spaces or commas', words)
    .option('--audience <audience>', 'it has to be for this API')
    .action(async (account: string, { minValidity, scopes, audience }: TokenOptions) => {
      const input = {
        ...(minValidity === undefined ? {} : { min_validity: minValidity }),
        ...(scopes === undefined ? {} : { scopes }),
        ...(audience === undefined ? {} : { audience }),
      }
      await printToken(account, input, session)
    })
  teach(token, {
    examples: [
      ['latchkey token practice:ada', 'the token alone, on standard output'],
      [
        'some-tool --bearer-file <(latchkey token practice:ada --min-validity 600)',
        'one that lives ten minutes or more',
      ],
    ],
    notes: ['Whoever has a token can send it anywhere until it expires. Where it will do, use latchkey request.'],
  })
}
