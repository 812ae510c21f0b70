import { type Command, Option } from 'commander'
import { renderUnicodeCompact } from 'uqr'
import type { ConnectInput } from '../../../shared/contract.ts'
import { type ErrorCode, LatchkeyError } from '../../../shared/errors.ts'
import type { Flow, FlowFailure, Grant, Via } from '../../../shared/models.ts'
import { grants, signInPlaces } from '../../../shared/standards.ts'
import { UsageError } from '../errors.ts'
import { followFlow } from '../follow.ts'
import { words } from '../options.ts'
import { readSecret } from '../secret.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { line } from '../text.ts'
import { person } from '../words.ts'

type DeviceCode = NonNullable<Flow['device']>

interface ConnectOptions {
  account?: string
  registration?: string
  via?: Via
  alias?: string
  scopes?: string[]
  device?: true
  grant?: Grant
  username?: string
  passwordFile?: string
  subject?: string
  subjectAccount?: string
  wait: boolean
}

export function addConnect(program: Command, session: Session): void {
  teach(program.command('connect'), {
    examples: [
      ['latchkey connect practice', 'the provider that Latchkey brings; nothing leaves this computer'],
      ['latchkey connect github --via paste --alias work', 'over ssh: open the address anywhere, paste where you end'],
      ['latchkey connect --account github:ada', 'sign in again'],
    ],
    notes: [
      'The address to sign in at is printed on standard error. Over ssh use --via paste: open the address in any browser, sign in, and paste the address of the page that you end on, even if that page does not load.',
      'Where the provider offers it, --device needs no address to be pasted: a code is entered in any browser.',
    ],
  })
    .helpGroup('Accounts:')
    .argument('[provider]', "the provider's id, as `latchkey providers` shows it")
    .description('connect an account: sign in at the provider, or obtain a token in another way')
    .option('--account <account>', 'sign in again for this account')
    .option('--registration <registration>', 'use this registration, where a provider has several')
    .addOption(
      new Option(
        '--via <place>',
        "where to sign in: Latchkey's window, your browser, or any browser with the answer pasted here",
      ).choices(signInPlaces),
    )
    .option('--alias <alias>', 'what to call the account')
    .option('--scopes <scopes>', 'scopes to ask for, between spaces or commas', words)
    .option('--device', 'sign in on any device, with a code that is shown here')
    .addOption(
      new Option('--grant <grant>', "how to obtain it, where it is not the provider's usual way").choices(grants),
    )
    .option('--username <name>', 'sign in with user name and password; the password is asked for')
    .option('--password-file <file>', "read the password from this file's first line; - reads standard input")
    .option('--subject <subject>', 'whom a service account is to stand for')
    .option('--subject-account <account>', 'exchange the token of this account for another')
    .option('--no-wait', 'start the sign-in and do not wait for its end')
    .action(async (provider: string | undefined, options: ConnectOptions) => {
      const started = await session.client.connect(await connectInput(provider, options, session))
      if (started.device) showCode(started.device, session)
      else showAddress(started, session)
      if (!options.wait) return session.answer(started, () => started.id)
      const flow = await followFlow(started, session)
      if (flow.state !== 'completed') throw failureOf(flow)
      const account = flow.account_id === null ? null : await session.client.account(flow.account_id)
      session.answer(account ?? flow, () =>
        account ? `Connected ${line(account.alias)} (${person(account.identity)}).` : 'Connected.',
      )
    })
}

async function connectInput(
  provider: string | undefined,
  options: ConnectOptions,
  session: Session,
): Promise<ConnectInput> {
  const named = [provider, options.account, options.registration].filter((it) => it !== undefined)
  if (named.length !== 1) {
    throw new UsageError(
      'Name what to connect: a provider, or --registration ID, or --account ACCOUNT to sign in again.',
    )
  }
  const grant = chosenGrant(options)
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.registration === undefined ? {} : { registration: options.registration }),
    ...(options.via === undefined ? {} : { via: options.via }),
    ...(options.alias === undefined ? {} : { alias: options.alias }),
    ...(options.scopes === undefined ? {} : { scopes: options.scopes }),
    ...(grant === undefined ? {} : { grant }),
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    ...(options.subjectAccount === undefined ? {} : { subject_account: options.subjectAccount }),
    ...(grant === 'password' ? await passwordOf(options, session) : {}),
  }
}

/** Some options belong to one grant alone, and with them it need not be named. */
function chosenGrant({ grant, device, username, passwordFile, subject, subjectAccount }: ConnectOptions) {
  const implied: [string, unknown, Grant][] = [
    ['--device', device, 'device_code'],
    ['--username', username, 'password'],
    ['--password-file', passwordFile, 'password'],
    ['--subject', subject, 'jwt_bearer'],
    ['--subject-account', subjectAccount, 'token_exchange'],
  ]
  let chosen = grant
  for (const [option, value, of] of implied) {
    if (value === undefined) continue
    if (chosen !== undefined && chosen !== of) throw new UsageError(`${option} does not go with ${chosen}.`)
    chosen = of
  }
  return chosen
}

/** The password is asked for. For an account that is connected again both are kept, and one alone is not enough. */
async function passwordOf({ username, passwordFile, account }: ConnectOptions, session: Session) {
  if (username === undefined && passwordFile === undefined && account !== undefined) return {}
  const password = await readSecret({ name: 'password', option: '--password-file', file: passwordFile }, session)
  return { ...(username === undefined ? {} : { username }), password }
}

/** RFC 8628 3.3. The last line is what a QR code would hold. */
function showCode({ user_code, verification_uri, verification_uri_complete }: DeviceCode, session: Session): void {
  session.note(
    `Open this address on any device:\n  ${line(verification_uri)}\nand enter the code:\n  ${line(user_code)}`,
  )
  // A phone's camera reads it; where the code is not part of the address, it saves typing the address at least.
  session.note(renderUnicodeCompact(verification_uri_complete ?? verification_uri))
  if (verification_uri_complete === null) return
  session.note(`The code stands in this address already:\n  ${line(verification_uri_complete)}`)
}

function showAddress(flow: Flow, session: Session): void {
  if (flow.authorization_url === null) return
  const how = {
    window: 'The sign-in window is open. The address is',
    browser: 'Sign in in your browser. If it does not open by itself, the address is',
    paste: 'Open',
  }
  session.note(`${how[flow.via]}:\n  ${line(flow.authorization_url)}`)
}

/** Sign-in needed (3) is what most failures leave the account at; the others have a code that says more. */
const failureCodes: Partial<Record<FlowFailure, ErrorCode>> = {
  access_denied: 'forbidden',
  provider_unreachable: 'provider_unreachable',
  provider_error: 'provider_error',
  invalid_client: 'provider_error',
  destination_not_allowed: 'destination_not_allowed',
  locked: 'locked',
  internal: 'internal',
}

function failureOf(flow: Flow): LatchkeyError {
  const account = flow.account_id === null ? {} : { account: flow.account_id }
  const { failure } = flow
  if (failure === null) return new LatchkeyError('reauth_required', 'The sign-in was cancelled.', account)
  const action = failure.remedy === '' ? {} : { action: { text: failure.remedy } }
  return new LatchkeyError(failureCodes[failure.code] ?? 'reauth_required', failure.message, { ...account, ...action })
}
