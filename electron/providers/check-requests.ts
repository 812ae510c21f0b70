import { LatchkeyError } from '../../shared/errors.ts'
import type { Definition, RequestTemplate } from './definition.ts'
import { isKnownName } from './expression-names.ts'
import { expressionNames } from './expressions.ts'
import { isSafeUrl } from './template.ts'

type Fail = (field: string, problem: string) => never

/** The parts of a definition that hold `{{ }}` expressions, with the field that each stands in. */
export function expressionTemplates({ requests, authorization }: Definition): [string, string | RequestTemplate][] {
  const { answer: _, ...own } = requests ?? {}
  const found: [string, string | RequestTemplate][] = Object.entries(own).map(([name, request]) => [
    `requests.${name}`,
    request,
  ])
  return authorization?.url === undefined ? found : [...found, ['authorization.url', authorization.url]]
}

/** Requests of the provider's own: every expression can be read, and every URL leads to https. */
export function checkRequests(definition: Definition, fail: Fail): void {
  for (const [field, template] of expressionTemplates(definition)) {
    try {
      const unknown = expressionNames(template, field).find((name) => !isKnownName(name, definition.variables))
      if (unknown !== undefined) fail(field, `uses {{ ${unknown} }}, which is not a variable`)
    } catch (error) {
      if (error instanceof LatchkeyError) fail(error.details.field ?? field, error.message)
      throw error
    }
    const url = typeof template === 'string' ? template : template.url
    const urlField = typeof template === 'string' ? field : `${field}.url`
    // One that begins with an expression is judged when its value is there.
    if (url.startsWith('{{')) continue
    const example = url.replace(/\{\{[^}]*\}\}/g, 'example')
    if (!isSafeUrl(example)) fail(urlField, 'must begin with https:// or with an expression that is a whole URL')
    if (example.startsWith('http:') && !definition.api.private_network) {
      fail(urlField, 'plain http is for providers on this machine, marked private_network')
    }
  }
}

/** What does not go together, or lacks what it needs. */
export function checkGrants(definition: Definition, fail: Fail): void {
  const { grants = [], endpoints, requests, authorization, validation = [], identity } = definition
  if (endpoints && grants.includes('device_code') && !endpoints.device_authorization) {
    fail('endpoints.device_authorization', 'the device_code grant needs it (RFC 8628 3.1)')
  }
  if (endpoints && authorization?.par === 'required' && !endpoints.pushed_authorization_request) {
    fail('endpoints.pushed_authorization_request', 'is needed where it is required (RFC 9126)')
  }
  if (identity.sources.includes('request') && !requests?.identity) {
    fail('identity.sources', 'names request, but there is no requests.identity')
  }
  if (validation.includes('request') && !requests?.validate) {
    fail('validation', 'names request, but there is no requests.validate')
  }
  if (endpoints && validation.includes('introspection') && !endpoints.introspection) {
    fail('validation', 'names introspection, but there is no endpoints.introspection')
  }
  if (endpoints && validation.includes('userinfo') && !endpoints.userinfo) {
    fail('validation', 'names userinfo, but there is no endpoints.userinfo')
  }
}
