import { LatchkeyError } from '../../shared/errors.ts'

/** Values of a definition's variables by name, as a registration holds them. */
export type Variables = Record<string, string>

const placeholder = /\{([a-z][a-z0-9_]*)\}/g

/** The names of the variables that a template uses, each once, in order. */
export function templateVariables(template: string): string[] {
  return [...new Set([...template.matchAll(placeholder)].map((match) => match[1] ?? ''))]
}

/** The variable that a template begins with. It brings scheme and host, so its value is a whole URL. */
export function wholeUrlVariable(template: string): string | null {
  return /^\{([a-z][a-z0-9_]*)\}/.exec(template)?.[1] ?? null
}

/** https, or http on this machine (RFC 8252 7.3 names the same exception for redirects). */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
}

/**
 * Puts the values of `variables` into a URL template of a provider definition, each encoded for where it stands: as part
 * of a host name, of a path or of a query. A variable at the very beginning is a whole URL and goes in as it is, once it
 * is known to be https or loopback. Text without placeholders comes back unchanged.
 *
 * @param context What the template is, for the message: `token endpoint of Microsoft`.
 * @throws LatchkeyError `invalid_request` with field `variables.NAME` when a value is missing or cannot stand there.
 */
export function fillTemplate(template: string, variables: Variables, context: string): string {
  return template.replace(placeholder, (_, name: string, offset: number) => {
    const value = variables[name]
    if (value === undefined || value === '') {
      throw invalid(name, `The ${context} needs a value for “${name}”. Enter it in the registration.`)
    }
    if (offset === 0) return wholeUrl(name, value, template, context)
    return encodeAt(template.slice(0, offset), name, value, context)
  })
}

/**
 * The same for an endpoint or base URL that a provider may lack: null when there is no template, or when the whole URL
 * that it begins with was left empty.
 */
export function fillOptionalTemplate(
  template: string | undefined,
  variables: Variables,
  context: string,
): string | null {
  if (template === undefined) return null
  const whole = wholeUrlVariable(template)
  if (whole !== null && !variables[whole]) return null
  return fillTemplate(template, variables, context)
}

function wholeUrl(name: string, value: string, template: string, context: string): string {
  if (!isSafeUrl(value)) {
    throw invalid(
      name,
      `“${name}” must be a whole https:// URL (http:// only on this machine): the ${context} depends on it.`,
    )
  }
  // `{issuer}/path` with an issuer that ends in a slash must not become `//path`.
  return template.startsWith('/', name.length + 2) ? value.replace(/\/+$/, '') : value
}

function encodeAt(before: string, name: string, value: string, context: string): string {
  const refuse = () => invalid(name, `“${name}” holds characters that cannot stand in the ${context}.`)
  const inHost = /^[a-z]+:\/\/[^/?#]*$/.test(before)
  if (inHost) {
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value)) throw refuse()
    return value
  }
  // URL parsers take these out of a path even when they are percent-encoded (URL Standard 4.4).
  if (!before.includes('?') && (value === '.' || value === '..')) throw refuse()
  return encodeURIComponent(value)
}

function invalid(name: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field: `variables.${name}` })
}
