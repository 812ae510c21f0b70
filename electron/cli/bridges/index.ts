import type { Command } from 'commander'
import { accountHelp, collect, whole } from '../options.ts'
import type { GlobalOptions, Session } from '../session.ts'
import { teach } from '../teach.ts'
import type { ExecOptions } from './exec.ts'
import type { Xoauth2Options } from './xoauth2.ts'

const group = 'For programs with a way of their own:'
const minValidity = ['--min-validity <seconds>', 'the token has to live this long at least', whole] as const

/**
 * The bridges (docs/bridges.md): an account for programs that do not speak Latchkey's API. What each of them does is
 * loaded when it runs.
 */
export function addBridges(program: Command, session: Session): void {
  addGitCredential(program, session)
  addCredentialProcess(program, session)
  addXoauth2(program, session)
  addExec(program, session)
  addProxy(program, session)
}

function addGitCredential(program: Command, session: Session): void {
  const command = program
    .command('git-credential')
    .helpGroup(group)
    .argument('<operation>', 'get, store or erase, as git says')
    .description('sign in at a git server: git’s credential helper')
    .action(async (operation: string) => {
      const { gitCredential } = await import('./git-credential.ts')
      await gitCredential(operation, session)
    })
  teach(command, {
    examples: [
      [
        "git config --global credential.https://github.com.helper '!latchkey git-credential'",
        'git asks Latchkey for everything on github.com',
      ],
      ['git clone https://github%3Aada@github.com/ada/notes.git', 'with one of several accounts, by its name'],
    ],
    notes: [
      'The account is the one that the user name in the address names, else the one that the host is bound to (latchkey bind), else the only one whose provider has its repositories there. A token that the server refuses is replaced.',
    ],
  })
}

function addCredentialProcess(program: Command, session: Session): void {
  const command = program
    .command('credential-process')
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('print an access token as JSON, as a program expects it of a command')
    .option('--format <format>', 'json, kubernetes or google', 'json')
    .option(...minValidity)
    .action(async (account: string, options: { format: string; minValidity?: number }) => {
      const { credentialProcess } = await import('./credential-process.ts')
      await credentialProcess(account, options, session)
    })
  teach(command, {
    examples: [
      ['latchkey credential-process practice:ada', 'version, access_token, token_type, expires_at, scopes'],
      [
        'kubectl config set-credentials me --exec-api-version=client.authentication.k8s.io/v1 --exec-command=latchkey --exec-interactive-mode=Never --exec-arg=credential-process,mine,--format,kubernetes',
        'kubectl runs it whenever its token has expired',
      ],
    ],
  })
}

function addXoauth2(program: Command, session: Session): void {
  const command = program
    .command('xoauth2')
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('print the message that signs a mail client in, in base64 (SASL)')
    .option('--user <address>', 'whose mailbox (default: the account’s email address)')
    .option('--mechanism <mechanism>', 'xoauth2, or oauthbearer (RFC 7628)', 'xoauth2')
    .option('--host <host>', 'for oauthbearer: the mail server')
    .option('--port <port>', 'for oauthbearer: its port', whole)
    .option('--raw', 'not in base64 and without a line break, for clients that encode it themselves')
    .option(...minValidity)
    .action(async (account: string, options: Xoauth2Options) => {
      const { xoauth2 } = await import('./xoauth2.ts')
      await xoauth2(account, options, session)
    })
  teach(command, {
    examples: [
      ['latchkey xoauth2 google:ada', 'what follows AUTHENTICATE XOAUTH2 or AUTH XOAUTH2'],
      [
        'latchkey xoauth2 google:ada --mechanism oauthbearer --host imap.gmail.com --port 993',
        'the same, standardized',
      ],
    ],
    notes: ['Most mail clients make this message themselves and want the token alone: latchkey token.'],
  })
}

function addExec(program: Command, session: Session): void {
  const command = program
    .command('exec')
    .helpGroup(group)
    .usage('[options] <account> -- <command> [args...]')
    .argument('<account>', accountHelp)
    .argument('<command>', 'the program to run, after --')
    .argument('[args...]', 'its arguments')
    .description('run a program with an access token in its environment and nowhere else')
    .option('--env <name>', 'the variable (default: LATCHKEY_ACCESS_TOKEN); can be repeated', collect, [])
    .option('--as <form>', 'token, or bearer: “Bearer ” and the token', 'token')
    .option(...minValidity)
    .action(async (account: string, program: string, args: string[], options: ExecOptions) => {
      const { exec } = await import('./exec.ts')
      await exec(account, [program, ...args], options, session)
    })
  teach(command, {
    examples: [
      ['latchkey exec --env GH_TOKEN github:ada -- gh repo list', 'a tool that reads its token from GH_TOKEN'],
    ],
    notes: [
      'It ends as the program ends: with its exit code, 128 and the number of the signal that ended it, 127 when there is no such program, 126 when it may not be run.',
      'The token is not renewed while the program runs. Ask for one that lives long enough with --min-validity.',
    ],
  })
}

function addProxy(program: Command, session: Session): void {
  const command = program
    .command('proxy')
    .helpGroup(group)
    .argument('<account>', accountHelp)
    .description('open a port here that signs every request for one account, until Ctrl+C')
    .option('--port <port>', 'the port (default: one that is free)', whole)
    .option('--any-user', 'let every user of this computer use the account through it')
    .action(async (account: string, options: { port?: number; anyUser?: true }) => {
      const { proxy } = await import('./proxy.ts')
      const keyFile = program.opts<GlobalOptions>().keyFile ?? (session.env.LATCHKEY_KEY_FILE || undefined)
      await proxy(account, { ...options, ...(keyFile ? { keyFile } : {}) }, session)
    })
  teach(command, {
    examples: [
      ['latchkey proxy practice:ada', 'prints the base URL to give to a tool: http://127.0.0.1:PORT/'],
      ['latchkey proxy practice:ada --port 8123', 'always the same one'],
    ],
    notes: [
      'Programs of other users are refused, by what the kernel says of each connection. Where it does not say it, which is everywhere but on Linux, the port opens only with --any-user.',
    ],
  })
}
