import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Html, html } from '../../../electron/services/practice/html.ts'
import { consentPage, pageHeaders, problemPage, signInPage } from '../../../electron/services/practice/pages.ts'
import { findPerson } from '../../../electron/services/practice/people.ts'

const hostile = `"><script>alert('1')</script>&`

describe('html', () => {
  it('escapes every value but HTML', () => {
    const part = html`<b>${hostile}</b>`
    expect(part.text).toBe('<b>&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</b>')
    expect(html`${part}${[part, part]}${null}${false}${0}`.text).toBe(`${part.text.repeat(3)}0`)
    expect(html`${new Html('<i>')}`.text).toBe('<i>')
  })
})

describe('a page', () => {
  const person = findPerson('ada')
  if (!person) throw new Error('Ada is missing.')
  const pages = {
    'sign-in': signInPage({ action: hostile, client: hostile, hint: hostile }),
    consent: consentPage({
      action: hostile,
      client: hostile,
      person,
      scopes: ['openid', hostile],
      redirectUri: 'http://127.0.0.1:1/callback/practice',
      switchUrl: hostile,
    }),
    problem: problemPage(hostile, hostile),
  }

  it.each(Object.entries(pages))('(%s) shows what it is told as text', (_name, page) => {
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;')
  })

  it.each(Object.entries(pages))('(%s) has the style that its policy allows, and no other', (_name, page) => {
    const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map((match) => match[1] ?? '')
    expect(styles).toHaveLength(1)
    const hash = createHash('sha256').update(styles.join('')).digest('base64')
    expect(pageHeaders()['content-security-policy']).toContain(`style-src 'sha256-${hash}';`)
    expect(page).not.toMatch(/ style=| on[a-z]+=/)
  })
})

it('lets a form lead back to the program that asked, and to nothing else', () => {
  expect(pageHeaders('http://127.0.0.1:4711/callback/practice')['content-security-policy']).toContain(
    "form-action 'self' http://127.0.0.1:4711;",
  )
  expect(pageHeaders('no url')['content-security-policy']).toContain("form-action 'self';")
})

it('knows its people, and nobody else', () => {
  expect(findPerson('grace')?.name).toBe('Grace Hopper')
  expect([findPerson('eve'), findPerson(undefined), findPerson('constructor')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
