import { describe, expect, it } from 'vitest'
import {
  fillOptionalTemplate,
  fillTemplate,
  isSafeUrl,
  templateVariables,
  wholeUrlVariable,
} from '../../../electron/providers/template.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const fill = (template: string, variables: Record<string, string>) =>
  fillTemplate(template, variables, 'token endpoint')

function errorOf(work: () => unknown): LatchkeyError {
  try {
    work()
  } catch (error) {
    if (error instanceof LatchkeyError) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}

describe('fillTemplate', () => {
  it('leaves text without variables alone', () => {
    expect(fill('https://example.com/token?a=%7Bb%7D', {})).toBe('https://example.com/token?a=%7Bb%7D')
  })

  it('encodes a value for the path and the query', () => {
    expect(fill('https://example.com/{tenant}/token', { tenant: 'a b/../c?d#e' })).toBe(
      'https://example.com/a%20b%2F..%2Fc%3Fd%23e/token',
    )
    expect(fill('https://example.com/token?t={tenant}', { tenant: 'a&b=c' })).toBe(
      'https://example.com/token?t=a%26b%3Dc',
    )
  })

  it.each(['.', '..'])('refuses %s in a path, which a URL parser would take out', (tenant) => {
    expect(errorOf(() => fill('https://example.com/{tenant}/token', { tenant })).code).toBe('invalid_request')
  })

  it('lets a host variable be a host name and nothing else', () => {
    expect(fill('https://{site}.example.com/token', { site: 'my-site.eu' })).toBe(
      'https://my-site.eu.example.com/token',
    )
    for (const site of ['evil.com/', 'evil.com#', 'a@evil.com', 'evil.com:1', '-a', 'a b', 'a%2Fb']) {
      expect(errorOf(() => fill('https://{site}.example.com/token', { site })).details.field).toBe('variables.site')
    }
  })

  it('puts a whole URL in as it is', () => {
    expect(fill('{issuer}', { issuer: 'https://id.example.com/realms/a/' })).toBe('https://id.example.com/realms/a/')
    expect(fill('{base}/api/me', { base: 'http://127.0.0.1:4000/' })).toBe('http://127.0.0.1:4000/api/me')
  })

  it.each(['http://example.com', 'ftp://example.com', 'example.com', 'https://user@example.com', 'javascript:1'])(
    'refuses %s as a whole URL',
    (issuer) => {
      const error = errorOf(() => fill('{issuer}', { issuer }))
      expect(error.code).toBe('invalid_request')
      expect(error.details.field).toBe('variables.issuer')
      expect(error.message).toContain('https://')
    },
  )

  it.each<Record<string, string>>([{}, { tenant: '' }])(
    'names a variable without a value, and what needs it',
    (variables) => {
      const error = errorOf(() => fill('https://example.com/{tenant}', variables))
      expect(error.code).toBe('invalid_request')
      expect(error.details.field).toBe('variables.tenant')
      expect(error.message).toContain('token endpoint')
      expect(error.message).toContain('tenant')
    },
  )

  it('does not take a value for a template', () => {
    expect(fill('https://example.com/{a}/{b}', { a: '{b}', b: 'c' })).toBe('https://example.com/%7Bb%7D/c')
    expect(fill('https://example.com/{a}', { a: '$&' })).toBe('https://example.com/%24%26')
  })
})

describe('fillOptionalTemplate', () => {
  it('is null without a template, and when its whole URL was left empty', () => {
    expect(fillOptionalTemplate(undefined, {}, 'x')).toBeNull()
    expect(fillOptionalTemplate('{userinfo}', {}, 'x')).toBeNull()
    expect(fillOptionalTemplate('{userinfo}', { userinfo: '' }, 'x')).toBeNull()
  })

  it('fills like fillTemplate otherwise, missing parts included', () => {
    expect(fillOptionalTemplate('{base}/me', { base: 'https://a.example' }, 'x')).toBe('https://a.example/me')
    expect(() => fillOptionalTemplate('https://a.example/{tenant}', {}, 'x')).toThrow(LatchkeyError)
  })
})

it('knows the variables of a template', () => {
  expect(templateVariables('https://{a}/{b}?{a}')).toEqual(['a', 'b'])
  expect(wholeUrlVariable('{issuer}/x')).toBe('issuer')
  expect(wholeUrlVariable('https://{issuer}')).toBeNull()
})

it('counts https and loopback http as safe', () => {
  const safe = ['https://a.example', 'http://127.0.0.1:1', 'http://[::1]/x', 'http://localhost:8080']
  const unsafe = ['http://127.0.0.2', 'http://localhost.example', 'http://127.0.0.1@a.example', 'file:///etc']
  expect(safe.filter((url) => !isSafeUrl(url))).toEqual([])
  expect(unsafe.filter(isSafeUrl)).toEqual([])
})
