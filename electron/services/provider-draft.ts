import type { Warning } from '../../shared/contract-records.ts'
import { clientAuthentications, grants } from '../../shared/standards.ts'
import type { FoundMetadata } from '../oauth/metadata.ts'
import type { Definition } from '../providers/definition.ts'

/** Grants under the names that metadata has for them (RFC 8414 2, RFC 8628 4). */
const grantNames: Record<string, (typeof grants)[number]> = {
  authorization_code: 'authorization_code',
  client_credentials: 'client_credentials',
  password: 'password',
  implicit: 'without_code',
  'urn:ietf:params:oauth:grant-type:device_code': 'device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'jwt_bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'token_exchange',
}

/** Scopes that every OpenID Provider means the same by (OpenID Connect Core 5.4 and 11). */
const scopeTexts: Record<string, { text: string; default: boolean }> = {
  openid: { text: 'Tell who you are', default: true },
  profile: { text: 'Read your name and picture', default: true },
  email: { text: 'Read your email address', default: true },
  offline_access: { text: 'Stay connected while you are away', default: true },
  address: { text: 'Read your postal address', default: false },
  phone: { text: 'Read your phone number', default: false },
}

/**
 * A definition made of what an authorization server says of itself: a start for the person to complete, not saved by
 * anybody. What the metadata leaves open is said in the warnings.
 *
 * @param taken Whether another provider has this id.
 */
export function draftDefinition(
  { issuer, discovery, source, metadata }: FoundMetadata,
  taken: (id: string) => boolean,
  today: string,
  privateNetwork: boolean,
): { definition: Definition; warnings: Warning[] } {
  const warnings: Warning[] = []
  const { host } = new URL(issuer)
  const offered = inOrderOf(
    grants,
    (metadata.grant_types_supported ?? ['authorization_code']).map((it) => grantNames[it]),
  )
  const methods = inOrderOf(
    clientAuthentications,
    metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'],
  )
  const scopes = metadata.scopes_supported ?? []
  const hasIdToken = discovery === 'oidc' && (scopes.length === 0 || scopes.includes('openid'))
  const hasUserinfo = metadata.userinfo_endpoint !== undefined
  const warn = (field: string, message: string) => void warnings.push({ field, message })

  if (metadata.code_challenge_methods_supported?.includes('S256') !== true) {
    warn(
      'pkce',
      'The server does not say that it knows PKCE with S256. It is used all the same: RFC 7636 5 lets servers ignore it.',
    )
  }
  if (methods.length === 0)
    warn('client_authentication', 'The server names no client authentication that Latchkey knows.')
  if (!hasIdToken && !hasUserinfo)
    warn('identity', 'The server has neither ID tokens nor userinfo: say where identity comes from.')
  warn('api.hosts', 'Which hosts the API is at stands in no metadata: add them, or no signed request can be sent.')

  const definition: Definition = {
    id: freeId(host, taken),
    name: host,
    category: 'other',
    description: `Found at ${issuer}.`,
    evidence: 'unverified',
    sources: [{ url: source, read_on: today, facts: 'Everything here, by discovery' }],
    ...(metadata.service_documentation && URL.canParse(metadata.service_documentation)
      ? { documentation_url: metadata.service_documentation }
      : {}),
    issuer,
    discovery,
    ...(offered.length === 0 ? {} : { grants: offered }),
    ...(metadata.require_pushed_authorization_requests === true ? { authorization: { par: 'required' as const } } : {}),
    ...(Array.isArray(metadata.dpop_signing_alg_values_supported) ? { dpop: 'supported' as const } : {}),
    ...(validations(metadata).length === 0 ? {} : { validation: validations(metadata) }),
    client: 'registration',
    client_authentication: methods.length === 0 ? ['client_secret_basic'] : methods,
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: {
      via: 'browser',
      reason: 'Nobody has tried yet whether this provider allows a window of Latchkey’s own.',
    },
    identity: {
      sources: [
        ...(hasIdToken ? (['id_token'] as const) : []),
        ...(hasUserinfo ? (['userinfo'] as const) : []),
        ...(hasIdToken || hasUserinfo ? [] : (['token_answer'] as const)),
      ],
      subject: ['sub'],
      name: ['name'],
      username: ['preferred_username'],
      email: ['email'],
    },
    api: {
      hosts: [],
      private_network: privateNetwork,
      header: { name: 'Authorization', prefix: 'Bearer ' },
    },
    variables: [],
    scopes: [...new Set(scopes)].filter(isScope).map((name) => ({
      name,
      text: scopeTexts[name]?.text ?? name,
      sensitivity: 'low' as const,
      default: scopeTexts[name]?.default ?? false,
    })),
    setup_steps: [],
    notices: [],
  }
  return { definition, warnings }
}

function validations({
  introspection_endpoint: introspection,
  userinfo_endpoint: userinfo,
}: FoundMetadata['metadata']) {
  return [
    ...(introspection === undefined ? [] : (['introspection'] as const)),
    ...(userinfo === undefined ? [] : (['userinfo'] as const)),
  ]
}

/** RFC 6749 3.3, and not longer than any real one. */
const isScope = (name: string) => /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,300}$/.test(name)

/** The names of `known` that are among `found`, in the order in which Latchkey prefers them. */
function inOrderOf<T extends string>(known: readonly T[], found: (string | undefined)[]): T[] {
  return known.filter((name) => found.includes(name))
}

function freeId(host: string, taken: (id: string) => boolean): string {
  const base =
    host
      .toLowerCase()
      .replace(/^(?:www|auth|login|accounts?|id|sso)\./, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'provider'
  return freeName(base, taken)
}

/** `base`, or with the first number behind it that makes it free. */
export function freeName(base: string, taken: (id: string) => boolean): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if (!taken(name)) return name
  }
}
