import { type Command, Option } from 'commander'
import type { ConnectInput } from '../../../shared/contract.ts'
import { type ErrorCode, LatchkeyError } from '../../../shared/errors.ts'
import type { Flow, FlowFailure, Via } from '../../../shared/models.ts'
import { UsageError } from '../errors.ts'
import { followFlow } from '../follow.ts'
import { words } from '../options.ts'
import type { Session } from '../session.ts'
import { line } from '../text.ts'
import { person } from '../words.ts'

/** The contract's own list comes with every schema; the command line starts quicker without them. */
const places = ['window', 'browser', 'paste'] as const satisfies Via[]

interface ConnectOptions {
  account?: string
  registration?: string
  via?: Via
  alias?: string
  scopes?: string[]
  wait: boolean
}

export function addConnect(program: Command, session: Session): void {
  program
    .command('connect')
    .helpGroup('Accounts:')
    .argument('[provider]', "the provider's id, as `latchkey providers` shows it")
    .description('connect an account: sign in at the provider, in a browser')
    .option('--account <account>', 'sign in again for this account')
    .option('--registration <id>', 'use this registration, where a provider has several')
    .addOption(
      new Option(
        '--via <place>',
        "where to sign in: Latchkey's window, your browser, or any browser with the answer pasted here",
      ).choices(places),
    )
    .option('--alias <alias>', 'what to call the account')
    .option('--scopes <scopes>', 'scopes to ask for, between spaces or commas', words)
    .option('--no-wait', 'start the sign-in and do not wait for its end')
    .addHelpText(
      'after',
      `
The address to sign in at is printed on standard error. Over ssh use --via paste: open the address in any browser, sign
in, and paste the address of the page that you end on, even if that page does not load.`,
    )
    .action(async (provider: string | undefined, options: ConnectOptions) => {
      const started = await session.client.connect(connectInput(provider, options))
      showAddress(started, session)
      if (!options.wait) return session.answer(started, () => started.id)
      const flow = await followFlow(started, session)
      if (flow.state !== 'completed') throw failureOf(flow)
      const account = flow.account_id === null ? null : await session.client.account(flow.account_id)
      session.answer(account ?? flow, () =>
        account ? `Connected ${line(account.alias)} (${person(account.identity)}).` : 'Connected.',
      )
    })
}

function connectInput(provider: string | undefined, options: ConnectOptions): ConnectInput {
  const named = [provider, options.account, options.registration].filter((it) => it !== undefined)
  if (named.length !== 1) {
    throw new UsageError(
      'Name what to connect: a provider, or --registration ID, or --account ACCOUNT to sign in again.',
    )
  }
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.registration === undefined ? {} : { registration: options.registration }),
    ...(options.via === undefined ? {} : { via: options.via }),
    ...(options.alias === undefined ? {} : { alias: options.alias }),
    ...(options.scopes === undefined ? {} : { scopes: options.scopes }),
  }
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
