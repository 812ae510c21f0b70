import fs from 'node:fs'
import { type Command, Option } from 'commander'
import { type Backup, type ImportReport, importRules } from '../../../shared/contract-vault.ts'
import { canAsk, confirm } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { collect } from '../options.ts'
import { readSecret } from '../secret.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { fromNow, line, moment, table } from '../text.ts'

const group = 'Moving and keeping:'

const passphraseFile = [
  '--passphrase-file <file>',
  "read the passphrase from this file's first line; - reads standard input",
] as const

/** What leaves the vault and comes into it: encrypted exports, and backups of the whole. */
export function addTransfer(program: Command, session: Session): void {
  teach(program.command('export'), {
    examples: [
      ['latchkey export latchkey.export', 'everything; asks for a passphrase twice'],
      ['latchkey export two.export --account practice:ada --account github:ada', 'two accounts with what they need'],
    ],
    notes: [
      'The file is encrypted under the passphrase and holds all tokens and secrets: keep both, and keep them apart. Programs that have been paired, their permissions and the activity stay here.',
    ],
  })
    .helpGroup(group)
    .argument('<file>', 'where to write; never over a file that is there')
    .description('write accounts, with their tokens, to one encrypted file')
    .option('--account <account>', 'only this one with its registration; can be repeated (default: all)', collect, [])
    .option(...passphraseFile)
    .action(async (file: string, options: { account: string[]; passphraseFile?: string }) => {
      if (fs.existsSync(file)) throw alreadyThere(file)
      const passphrase = await newPassphrase(options.passphraseFile, session)
      const accounts = options.account.length === 0 ? {} : { accounts: options.account }
      const { document, accounts: count } = await session.client.exportVault({ passphrase, ...accounts })
      writeNew(file, Buffer.from(document, 'base64'))
      session.answer({ file, accounts: count }, () => `Wrote ${many(count, 'account')} to ${file}.`)
    })

  teach(program.command('import'), {
    examples: [
      ['latchkey import latchkey.export', 'an account that is here already takes the newer tokens'],
      ['latchkey import latchkey.export --existing keep', 'only what is not here yet'],
    ],
    notes: [
      'Import only what you exported yourself: a file can bring tokens for the accounts that are here. Where a provider gives a new refresh token each time, use an account on one computer only.',
    ],
  })
    .helpGroup(group)
    .argument('<file>', 'an export of Latchkey')
    .description('bring accounts in from an encrypted file')
    .addOption(
      new Option('--existing <rule>', 'what to do with an account that is here already')
        .choices([...importRules])
        .default('newer'),
    )
    .option(...passphraseFile)
    .action(async (file: string, options: { existing: ImportRule; passphraseFile?: string }) => {
      const document = readFile(file).toString('base64')
      const secret = { name: 'passphrase', option: '--passphrase-file', file: options.passphraseFile }
      const passphrase = await readSecret(secret, session)
      const report = await session.client.importVault({ document, passphrase, existing: options.existing })
      session.answer(report, () => inWords(report, session))
    })

  teach(program.command('backups'), {
    examples: [['latchkey backups', 'the newest first']],
    notes: ['One is made before each update of the vault, and one with `latchkey backup`. They lie beside the vault.'],
  })
    .helpGroup(group)
    .description('list the backups of the vault')
    .action(async () => {
      const { backups } = await session.client.vaultDetails()
      session.answer(backups, () =>
        backups.length === 0
          ? 'There is no backup. latchkey backup makes one.'
          : table(['BACKUP', 'MADE', 'SIZE'], backups.map(row), session.paint),
      )
    })

  teach(program.command('backup'), {
    examples: [['latchkey backup', 'opens with what protects the vault today; the last ten are kept']],
  })
    .helpGroup(group)
    .description('make a backup of the vault')
    .action(async () => {
      const backup = await session.client.backUp()
      session.answer(backup, () => `Made ${backup.name}.`)
    })

  teach(program.command('restore'), {
    examples: [['latchkey restore vault-20270131T080000000Z-schema4.db', 'says what happens, and asks']],
    notes: [
      'The vault as it is becomes a backup first. Afterwards it is locked, and opens with what protected it when the backup was made. Refresh tokens that a provider has replaced since then no longer work.',
    ],
  })
    .helpGroup(group)
    .argument('<backup>', 'the name that `latchkey backups` shows')
    .description('put a backup in the place of the vault')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { yes?: true }) => {
      const question = `The vault goes back to ${line(name)} and is locked. As it is now it is kept as a backup. Go on?`
      if (!options.yes && !(await confirm(session.io, question, 'Pass --yes to do it.'))) {
        return session.note('Nothing was changed.')
      }
      const { kept_as: keptAs } = await session.client.restoreVault(name)
      session.answer({ kept_as: keptAs }, () => `Restored. What was there is kept as ${keptAs}. Now: latchkey unlock`)
    })
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

type ImportRule = (typeof importRules)[number]

/** One that is typed is typed twice: what it protects cannot be opened with another one. */
async function newPassphrase(file: string | undefined, session: Session): Promise<string> {
  const secret = { name: 'passphrase for the file', option: '--passphrase-file', file }
  const passphrase = await readSecret(secret, session)
  if (file !== undefined || !canAsk(session.io)) return passphrase
  const again = await readSecret({ ...secret, name: 'the same again' }, session)
  if (again !== passphrase) throw new UsageError('The two are not the same. Nothing was exported.')
  return passphrase
}

function writeNew(file: string, content: Buffer): void {
  let descriptor: number
  try {
    descriptor = fs.openSync(file, 'wx', 0o600)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(file) : error
  }
  try {
    fs.writeFileSync(descriptor, content)
    fs.fsyncSync(descriptor)
  } catch (error) {
    fs.rmSync(file, { force: true })
    throw error
  } finally {
    fs.closeSync(descriptor)
  }
}

const alreadyThere = (file: string) => new UsageError(`${file} is there already. Choose another name.`)

function readFile(file: string): Buffer {
  try {
    return fs.readFileSync(file)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

const row = ({ name, at, bytes }: Backup) => [name, `${moment(at)} (${fromNow(at)})`, `${Math.ceil(bytes / 1024)} KiB`]

function inWords(report: ImportReport, { paint }: Session): string {
  const { accounts, registrations, providers } = report
  const brought = `Exported ${moment(report.created_at)}. New here: ${many(registrations, 'registration')}, ${many(providers, 'provider')}.`
  if (accounts.length === 0) return `${brought} There is no account in it.`
  const notes = new Set(accounts.flatMap(({ reason, outcome }) => (reason && outcome !== 'kept' ? [line(reason)] : [])))
  const rows = accounts.map((it) => [line(it.alias), line(it.provider_id), it.outcome.replace('_', ' ')])
  return [brought, table(['ACCOUNT', 'PROVIDER', 'OUTCOME'], rows, paint), ...notes].join('\n\n')
}
