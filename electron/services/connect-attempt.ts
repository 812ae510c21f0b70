import { LatchkeyError } from '../../shared/errors.ts'
import type { Identity } from '../../shared/models.ts'
import { carriesState, holdsAnswer } from '../oauth/authorization-answer.ts'
import type { ClientSettings, PendingAuthorization } from '../oauth/ports.ts'
import { createDeferred, type Deferred } from '../redirects/deferred.ts'
import { matchesRedirect } from '../redirects/match.ts'
import type { AccountCredentials, Grant, TokenSet } from '../vault/ports.ts'
import type { Target } from './connect-target.ts'
import type { SignInFlow } from './flow.ts'
import type { Caller } from './ports.ts'

/** A grant as it came from the provider, before it is decided what becomes of it. In memory only. */
export interface Granted {
  tokens: TokenSet
  identity: Identity | null
  /** The key that the tokens are bound to (RFC 9449), a private JWK as JSON. */
  dpopKey?: string | null
}

/** A flow and what only the service knows of it. */
export interface Attempt {
  readonly flow: SignInFlow
  readonly target: Target
  readonly settings: ClientSettings
  readonly scopes: string[]
  readonly grant: Grant
  /** What the grant is obtained with, to be kept with the account. Secrets. */
  readonly credentials: AccountCredentials
  /** The alias that the person chose for a new account. */
  readonly alias: string | null
  /** Who started it. */
  readonly caller: Pick<Caller, 'kind' | 'app'>
  /** Aborts, with the reason, whatever is under way when the flow ends. */
  readonly controller: AbortController
  readonly pasted: Deferred<URL>
  /** Resolved when the flow has left `preparing`. */
  readonly ready: Deferred<void>
  /** Resolves when nothing is under way any more: the flow is over or waits for a decision. */
  settled: Promise<void>
  /** Ends the present state when its time is over. */
  timer: NodeJS.Timeout | null
  pending: PendingAuthorization | null
  granted: Granted | null
}

export function createAttempt(
  parts: Pick<Attempt, 'flow' | 'target' | 'settings' | 'scopes' | 'grant' | 'credentials' | 'alias' | 'caller'>,
): Attempt {
  return {
    ...parts,
    controller: new AbortController(),
    pasted: createDeferred(),
    ready: createDeferred(),
    settled: Promise.resolve(),
    timer: null,
    pending: null,
    granted: null,
  }
}

/** The answer in what a person pasted. Throws `invalid_request` with field `url`; the sign-in goes on waiting. */
export function readPasted(text: string, pending: PendingAuthorization): URL {
  const refuse = (message: string, remedy: string) =>
    new LatchkeyError('invalid_request', message, { field: 'url', action: { text: remedy } })
  const url = text.trim()
  const whole = `Copy the whole address from the browser after signing in. It begins with ${pending.redirectUri}${pending.answer.mode === 'fragment' ? '#' : '?'}`
  if (!URL.canParse(url)) throw refuse('This is not a web address.', whole)
  if (!matchesRedirect(url, pending.redirectUri)) {
    throw refuse('This is not the address to which this sign-in returns.', whole)
  }
  const answer = new URL(url)
  if (pending.answer.mode === 'form_post') {
    throw refuse(
      'This provider posts its answer to Latchkey itself, so the address does not hold it.',
      'Sign in with a browser on this machine.',
    )
  }
  if (!holdsAnswer(answer, pending)) {
    const wanted = pending.answer.withoutCode ? 'a token' : 'a code'
    throw refuse(`This address holds no answer: it has neither ${wanted} nor an error.`, whole)
  }
  if (!carriesState(answer, pending)) {
    throw refuse(
      'This answer belongs to another sign-in: its state is missing or wrong.',
      'Open the link of this sign-in, sign in there, and paste the address that follows.',
    )
  }
  return answer
}
