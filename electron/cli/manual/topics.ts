/** What `latchkey help TOPIC` explains. The man page has the same as its sections. */
export interface Topic {
  name: string
  title: string
  blocks: Block[]
}

/** A paragraph, commands to type, or terms with their meaning. */
export type Block = string | { code: string[] } | { terms: [term: string, meaning: string][] }

export const topics: Topic[] = [
  {
    name: 'pairing',
    title: 'Letting a program in',
    blocks: [
      'The command line acts for you: it holds the owner key. Every other program is paired first, and may do only what you grant it.',
      'The program asks (POST /v1/pair, or latchkey pair request in a script) and shows a short code. You look at who asks and for what, compare the code, and approve, narrow or deny it, on the page or here:',
      { code: ['latchkey pair', 'latchkey pair approve WXYZ-2345', 'latchkey pair deny WXYZ-2345'] },
      'Then the program collects its key, once. Latchkey keeps only a hash of it. A pairing waits ten minutes.',
      'A shell script asks like this, and keeps the key in a file that only you can read:',
      {
        code: [
          "latchkey pair request Backup --purpose 'Copies my mail' --want practice:ada:see,request --save backup.key",
          'latchkey --key-file backup.key request practice:ada GET /api/me',
        ],
      },
      'What a program says of itself may be untrue. What the system says of it (process, file, who started it) stands beside it.',
    ],
  },
  {
    name: 'permissions',
    title: 'What a program may do',
    blocks: [
      'A permission names an app, an account and rights, and may be narrowed to hosts, methods, a path and a time. What is not granted is denied.',
      {
        terms: [
          ['see', 'list the account and read its state'],
          ['request', 'have requests signed; host, method and path narrow this right alone'],
          ['token', 'get the access token itself, which can be sent anywhere until it expires'],
          ['manage', 'refresh, validate, disable, reset, revoke, rename and remove the account'],
          ['connect', 'start sign-ins'],
        ],
      },
      'A program that tries more than it was granted is answered “forbidden” at once, and the ask appears in latchkey pair. Approving grants what was wanted, except token and manage: these have to be named with --right.',
      {
        code: [
          'latchkey app Backup',
          'latchkey permission change perm_1 --method GET --path /api --until 30d',
          'latchkey permission withdraw perm_1',
          'latchkey app revoke Backup',
        ],
      },
    ],
  },
  {
    name: 'exit-codes',
    title: 'Exit codes',
    blocks: [
      {
        terms: [
          ['0', 'fine'],
          ['1', 'something unexpected'],
          ['2', 'the command line is not understood, or names what is not there'],
          ['3', 'the account needs a sign-in'],
          ['4', 'not allowed: no permission, a disabled account, a host that is not the account’s'],
          ['5', 'the vault is locked'],
          ['6', 'Latchkey is not running'],
          [
            '7',
            'trouble at the provider: not reachable, too slow, too many requests, an error; request --fail as well',
          ],
          ['130', 'interrupted with Ctrl+C'],
        ],
      },
      'With --json an error is one JSON document on standard error, {"error":{"code","message",…}}, with the codes of the local API.',
      'latchkey exec ends with the exit code of the program that it ran.',
    ],
  },
  {
    name: 'environment',
    title: 'Environment and files',
    blocks: [
      {
        terms: [
          ['LATCHKEY_HOME', 'the folder of the profile, with everything in it; --home goes before it'],
          ['LATCHKEY_PROFILE', 'the name of the profile, where LATCHKEY_HOME names none; --profile goes before it'],
          [
            'LATCHKEY_KEY_FILE',
            'the file with the key of an app, used instead of the owner key; --key-file goes before it',
          ],
          ['LATCHKEY_PASSPHRASE_FILE', 'for latchkey serve: the file whose first line is the passphrase of the vault'],
          ['XDG_CONFIG_HOME, XDG_RUNTIME_DIR', 'on Linux: where the profile and the endpoint file are'],
          ['NO_COLOR', 'no colours'],
        ],
      },
      'The files of a profile, in ~/.config/Latchkey on Linux, ~/Library/Application Support/Latchkey on macOS and %APPDATA%\\Latchkey on Windows:',
      {
        terms: [
          ['vault.db', 'the accounts, encrypted'],
          ['owner.key', 'the key of the command line; whoever can read it acts for you'],
          ['endpoint.json', 'where the host answers; on Linux in $XDG_RUNTIME_DIR/latchkey'],
          ['latchkey.log', 'the log, without secrets'],
          [
            'profiles/',
            'further profiles, each in a folder of its own with the same files; latchkey profiles lists them',
          ],
          ['cache/', 'what makes the command line start faster; it can be deleted'],
        ],
      },
    ],
  },
]
