import type { TokenAnswer } from '../../../shared/client.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { tokenFor } from './token.ts'

/**
 * An access token as JSON on standard output, for programs that run a command to get one. Nothing is said on standard
 * error when it went well: some of them read both as one.
 */
export async function credentialProcess(
  account: string,
  options: { format: string; minValidity?: number },
  session: Session,
): Promise<void> {
  const format = formats.get(options.format)
  if (format === undefined) throw unknownFormat(options.format)
  const document = format(await tokenFor(account, options, session), session.env)
  session.io.stdout.write(`${JSON.stringify(document)}\n`)
}

type Format = (token: TokenAnswer, env: NodeJS.ProcessEnv) => object

const formats = new Map<string, Format>([
  ['json', json],
  ['kubernetes', kubernetes],
  ['google', google],
])

function json(token: TokenAnswer): object {
  const { access_token, token_type, expires_at, scopes } = token
  return { version: 1, access_token, token_type, expires_at, scopes }
}

/**
 * An `ExecCredential` (kubernetes.io, Client Authentication v1). kubectl takes the version alone that its configuration
 * names, and says which in KUBERNETES_EXEC_INFO.
 */
function kubernetes(token: TokenAnswer, env: NodeJS.ProcessEnv): object {
  return {
    apiVersion: versionAsked(env.KUBERNETES_EXEC_INFO),
    kind: 'ExecCredential',
    status: {
      token: token.access_token,
      // RFC 3339; without one the token is used until it is refused.
      ...(token.expires_at === null ? {} : { expirationTimestamp: token.expires_at }),
    },
  }
}

function versionAsked(info: string | undefined): string {
  try {
    const { apiVersion } = JSON.parse(info ?? '') as { apiVersion?: unknown }
    if (apiVersion === 'client.authentication.k8s.io/v1beta1') return apiVersion
  } catch {
    // Run by hand, or by something older than the variable.
  }
  return 'client.authentication.k8s.io/v1'
}

/**
 * The answer of an executable-sourced credential (Google's external accounts). Google exchanges an ID token, a JWT or a SAML
 * answer, and nothing else; an access token that is a JWT is the second.
 */
function google(token: TokenAnswer): object {
  const claims = claimsOf(token.access_token)
  if (claims === null) {
    throw new LatchkeyError(
      'invalid_request',
      'Google exchanges an ID token, a JWT or a SAML answer. This account’s access token is none of them, and Latchkey gives out no ID tokens.',
      { action: { text: 'An account whose provider issues access tokens as JWTs can be used.' } },
    )
  }
  const expiry = token.expires_at === null ? claims.exp : Date.parse(token.expires_at) / 1000
  return {
    version: 1,
    success: true,
    token_type: 'urn:ietf:params:oauth:token-type:jwt',
    id_token: token.access_token,
    ...(typeof expiry === 'number' ? { expiration_time: Math.floor(expiry) } : {}),
  }
}

/** RFC 7519 3: three parts, the first two of them JSON objects. Read, not checked: Google does that. */
function claimsOf(token: string): { exp?: unknown } | null {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  try {
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    const isObject = (value: unknown) => typeof value === 'object' && value !== null
    return isObject(header) && isObject(claims) ? claims : null
  } catch {
    return null
  }
}

function unknownFormat(format: string): UsageError {
  if (format === 'aws') {
    return new UsageError(
      'AWS asks its credential_process for an access key and a secret key. An account here has an access token, and no keys can be made of one.',
      { text: 'Sign in at AWS with its own tool.', command: 'aws sso login' },
    )
  }
  return new UsageError(`There is no format “${format}”. There are: ${[...formats.keys()].join(', ')}.`)
}
