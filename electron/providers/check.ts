import { z } from 'zod'
import { checkCovers, unreachableCovers } from './check-covers.ts'
import { checkGrants, checkRequests, expressionTemplates } from './check-requests.ts'
import { type Definition, definitionSchema } from './definition.ts'
import { expressionNames } from './expressions.ts'
import { isSafeUrl, templateVariables, wholeUrlVariable } from './template.ts'

/** What is wrong with a definition, and in which field. The message names both, and the file. */
export class DefinitionError extends Error {
  readonly field: string
  readonly problem: string
  constructor(file: string, field: string, problem: string) {
    super(`Provider definition ${file}, field ${field}: ${problem}`)
    this.name = 'DefinitionError'
    this.field = field
    this.problem = problem
  }
}

/**
 * A definition as the rest of Latchkey may rely on it. Throws a `DefinitionError` that names file and field, for whoever wrote it.
 * What the schema cannot say is checked here: templates against variables, schemes, reasons, and the file's own name.
 */
export function checkDefinition(file: string, content: unknown): Definition {
  const fail = (field: string, problem: string): never => {
    throw new DefinitionError(file, field, problem)
  }
  const parsed = definitionSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
    return fail(path.length === 0 ? '(whole file)' : z.core.toDotPath(path), issue?.message ?? 'is not valid')
  }
  const definition = parsed.data
  const id = /([^/\\]+)\.json$/.exec(file)?.[1]
  if (id !== undefined && id !== definition.id) fail('id', `must be the file's name, “${id}”`)
  const [unreachable] = id === undefined ? [] : unreachableCovers(definition)
  if (unreachable !== undefined) fail(...unreachable)

  checkEndpoints(definition, fail)
  checkGrants(definition, fail)
  checkRequests(definition, fail)
  checkTemplates(definition, fail)
  checkVariables(definition, fail)
  checkScopes(definition, fail)
  if (definition.sign_in.via === 'browser' && !definition.sign_in.reason) {
    fail('sign_in.reason', 'say why a window of our own is not possible')
  }
  if (definition.evidence === 'documented' && definition.sources.length === 0) {
    fail('sources', 'evidence “documented” needs the documentation that was read')
  }
  return definition
}

type Fail = (field: string, problem: string) => never

function checkEndpoints(definition: Definition, fail: Fail) {
  const { discovery, issuer, endpoints } = definition
  if (discovery && !issuer) fail('issuer', 'discovery needs an issuer')
  if (!discovery && !endpoints) fail('endpoints', 'write the endpoints down, or say how they are discovered')
  if (discovery && endpoints) fail('endpoints', 'either discovered or written down, not both')
  if (definition.identity.sources.includes('id_token') && !issuer) {
    fail('identity.sources', 'an ID token cannot be checked without an issuer (OpenID Connect Core 3.1.3.7)')
  }
}

function checkTemplates(definition: Definition, fail: Fail) {
  const declared = new Set(definition.variables.map((variable) => variable.name))
  const used = new Set<string>()
  for (const [field, template] of urlTemplates(definition)) {
    for (const name of templateVariables(template)) {
      if (!declared.has(name)) fail(field, `uses {${name}}, which variables does not declare`)
      used.add(name)
    }
    if (wholeUrlVariable(template) !== null) continue
    const example = template.replace(/\{[a-z][a-z0-9_]*\}/g, 'example')
    if (!isSafeUrl(example)) fail(field, 'must begin with https:// or with a variable that is a whole URL')
    if (example.startsWith('http:') && !definition.api.private_network) {
      fail(field, 'plain http is for providers on this machine, marked private_network')
    }
  }
  for (const [field, template] of [
    ['resource', definition.resource] as const,
    ['audience', definition.audience] as const,
  ]) {
    for (const name of template === undefined ? [] : templateVariables(template)) {
      if (!declared.has(name)) fail(field, `uses {${name}}, which variables does not declare`)
      used.add(name)
    }
  }
  for (const [field, template] of expressionTemplates(definition)) {
    for (const name of expressionNames(template, field)) used.add(name)
  }
  for (const name of declared) {
    if (!used.has(name)) fail(`variables.${name}`, 'is used by no URL')
  }
}

/** Every URL template of a definition, with the field it stands in. */
function urlTemplates(definition: Definition): [string, string][] {
  const { endpoints, api } = definition
  const found: [string, string | undefined][] = [
    ['issuer', definition.issuer],
    ...Object.entries(endpoints ?? {}).map(([name, url]): [string, string] => [`endpoints.${name}`, url]),
    ['api.base_url', api.base_url],
    ['api.probe.url', api.probe?.url],
    ...api.hosts.map((host): [string, string] => ['api.hosts', `https://${host.replace(/^\*\./, '')}`]),
    ...(definition.git?.hosts ?? []).map((host): [string, string] => [
      'git.hosts',
      `https://${host.replace(/^\*\./, '')}`,
    ]),
  ]
  return found.filter((entry): entry is [string, string] => entry[1] !== undefined)
}

function checkVariables(definition: Definition, fail: Fail) {
  const { endpoints } = definition
  const needed = [definition.issuer, endpoints?.authorization, endpoints?.token]
  for (const variable of definition.variables) {
    const field = `variables.${variable.name}`
    if (!/^[a-z][a-z0-9_]*$/.test(variable.name)) fail(field, 'names are lower-case letters, digits and underscores')
    const indispensable = needed.some((url) => url !== undefined && templateVariables(url).includes(variable.name))
    if (indispensable && !variable.required && variable.default === null) {
      fail(field, 'nothing works without it: make it required or give it a default')
    }
    if (variable.pattern === null) continue
    const pattern = compile(variable.pattern)
    if (!pattern) return fail(`${field}.pattern`, 'is not a regular expression')
    for (const value of [variable.example, variable.default]) {
      if (value !== null && !pattern.test(value)) fail(`${field}.pattern`, `does not match “${value}”`)
    }
  }
}

/** With the `v` flag, which is how a browser compiles the pattern attribute of an input. */
function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'v')
  } catch {
    return null
  }
}

function checkScopes(definition: Definition, fail: Fail) {
  const seen = new Set<string>()
  for (const scope of definition.scopes) {
    const field = `scopes.${scope.name}`
    if (seen.has(scope.name)) fail(field, 'is there twice')
    seen.add(scope.name)
    if (scope.name === '' || /[\s,"\\]/.test(scope.name)) fail(field, 'is not a scope token (RFC 6749 3.3)')
    if (scope.text.trim() === '') fail(`${field}.text`, 'say in plain words what it allows')
    checkCovers(scope, fail)
  }
}
