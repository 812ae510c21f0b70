import type { RegistrationInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Variable } from '../../shared/models.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import { fillOptionalTemplate } from '../providers/template.ts'
import type { Grant, RegistrationRecord } from '../vault/ports.ts'
import { checkOptions } from './registration-options.ts'
import { splitScopes } from './scopes.ts'

export type CheckedRegistration = Omit<
  RegistrationRecord,
  'id' | 'hasClientSecret' | 'enabled' | 'disabledAt' | 'createdAt' | 'updatedAt'
>

/** The secrets that the registration will have once it is saved. */
export interface Holdings {
  clientSecret: boolean
  privateKey: boolean
  certificate: boolean
}

/**
 * What the person entered, as it is stored, or an `invalid_request` that names the field and says what to enter.
 *
 * @param stored The registration that is changed, or null for a new one.
 * @param holdings null: secrets may still be missing (an import without them); they are asked for when it is used.
 */
export function checkRegistration(
  input: RegistrationInput,
  stored: RegistrationRecord | null,
  catalogue: Pick<Catalogue, 'list'>,
  holdings: Holdings | null,
): CheckedRegistration {
  const definition = catalogue.list().find(({ id }) => id === input.provider_id)
  if (!definition) throw invalid('provider_id', 'There is no such provider in the catalogue.')
  if (stored !== null && stored.providerId !== definition.id) {
    throw invalid('provider_id', 'A registration stays with its provider. Create a new one for another provider.')
  }
  if (definition.client === 'built_in') {
    throw invalid(
      'provider_id',
      `Latchkey brings its own client for the ${definition.name}. There is nothing to enter.`,
    )
  }
  checkClient(input, definition)
  const options = checkOptions(input.options ?? stored?.options ?? {}, definition)
  checkGrant(input, options.grant ?? definition.grants?.[0] ?? 'authorization_code', holdings)
  if (holdings !== null) checkSecrets(input.client_authentication, holdings, definition)
  const variables = checkVariables(input.variables, definition)
  return {
    providerId: definition.id,
    name: input.name,
    description: input.description,
    clientId: input.client_id,
    clientAuthentication: input.client_authentication,
    scopes: splitScopes(input.scopes, 'scopes'),
    variables,
    extraHosts: [...new Set(input.extra_hosts.map(checkHost))],
    fallbackExpiry: input.fallback_expiry,
    options,
  }
}

/** Client ID and secret are visible ASCII (RFC 6749 appendix A.1 and A.2). */
const visible = /^[\x20-\x7e]*$/

function checkClient(input: RegistrationInput, definition: Definition): void {
  if (!visible.test(input.client_id)) {
    throw invalid('client_id', 'The client ID holds characters that no client ID has. Copy it again.')
  }
  const secret = input.client_secret?.trim()
  if (secret !== undefined && !visible.test(secret)) {
    throw invalid('client_secret', 'The client secret holds characters that no client secret has. Copy it again.')
  }
  const method = input.client_authentication
  if (!definition.client_authentication.includes(method)) {
    const possible = definition.client_authentication.join(', ')
    throw invalid('client_authentication', `${definition.name} does not take ${method}. It takes: ${possible}.`)
  }
}

/** RFC 6749 4.4: a client without a secret of any kind gets no token for itself. A JWT bearer grant is signed. */
function checkGrant(input: RegistrationInput, grant: Grant, holdings: Holdings | null): void {
  if (grant === 'client_credentials' && input.client_authentication === 'none') {
    throw invalid('client_authentication', 'Client credentials need a client that proves itself (RFC 6749 4.4).')
  }
  if (grant === 'jwt_bearer' && holdings !== null && !holdings.privateKey) {
    throw invalid('private_key', 'Enter the private key: the assertion of this grant is signed with it (RFC 7523).')
  }
}

function checkSecrets(method: string, holdings: Holdings, { name }: Definition): void {
  if (method.startsWith('client_secret_') && !holdings.clientSecret) {
    throw invalid('client_secret', `Enter the client secret that ${name} gave you: ${method} needs it.`)
  }
  if ((method === 'private_key_jwt' || method === 'tls_client_auth') && !holdings.privateKey) {
    throw invalid('private_key', `Enter the private key that ${name} knows the client by: ${method} needs it.`)
  }
  if (method === 'tls_client_auth' && !holdings.certificate) {
    throw invalid('certificate', `Enter the certificate that ${name} knows the client by: ${method} needs it.`)
  }
}

/** Every variable of the definition with the person's value or the default; optional ones without either are left out. */
export function checkVariables(entered: Record<string, string>, definition: Definition): Record<string, string> {
  const unknown = Object.keys(entered).find((name) => !definition.variables.some((variable) => variable.name === name))
  if (unknown !== undefined) throw invalid(`variables.${unknown}`, `${definition.name} has no variable “${unknown}”.`)
  const values: Record<string, string> = {}
  for (const variable of definition.variables) {
    const value = entered[variable.name]?.trim() || variable.default || ''
    checkVariable(variable, value)
    if (value !== '') values[variable.name] = value
  }
  const { issuer, endpoints, api } = definition
  for (const [context, template] of Object.entries({ issuer, ...endpoints, 'API base URL': api.base_url })) {
    fillOptionalTemplate(template, values, `${context} of ${definition.name}`)
  }
  return values
}

function checkVariable({ name, label, pattern, example, required }: Variable, value: string): void {
  if (value === '') {
    if (required) throw invalid(`variables.${name}`, `Enter “${label}”, for example ${example}.`)
    return
  }
  // Anchored and with the `v` flag, as a browser reads the pattern attribute of an input.
  if (pattern !== null && !new RegExp(`^(?:${pattern})$`, 'v').test(value)) {
    throw invalid(`variables.${name}`, `“${label}” does not look right. An example: ${example}.`)
  }
}

const hostName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * `host` or `host:port`, a name or an address, or `*.` before a name of two labels or more, in the spelling that URLs
 * have. Whatever a URL parser would read as more than a host is refused.
 */
function checkHost(entered: string): string {
  const refuse = () =>
    invalid('extra_hosts', `“${entered}” is not a host. Enter a name such as api.example.com or *.example.com.`)
  const text = entered.trim().toLowerCase()
  const wildcard = text.startsWith('*.')
  const authority = wildcard ? text.slice(2) : text
  const shape = /^(?:[\p{L}\p{M}\p{N}._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u
  if (!shape.test(authority) || !URL.canParse(`https://${authority}/`)) throw refuse()
  const { hostname, host } = new URL(`https://${authority}/`)
  if (!hostname.startsWith('[') && !hostName.test(hostname)) throw refuse()
  const isAddress = hostname.startsWith('[') || /^[\d.]+$/.test(hostname)
  if (wildcard && (isAddress || !hostname.includes('.'))) throw refuse()
  return wildcard ? `*.${host}` : host
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
