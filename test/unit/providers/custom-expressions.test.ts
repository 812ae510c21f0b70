import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestTemplate } from '../../../electron/providers/definition.ts'
import { expressionNames, renderRequest } from '../../../electron/providers/expressions.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const values: Record<string, string> = {
  CLIENT_ID: 'client 1',
  CLIENT_SECRET: 'a&b=c%/"\\',
  code: '4/0A b+c',
  region: 'eu1',
  dots: '..',
  'oauth.instance_url': 'https://eu1.example.com/',
  'oauth.team.id': 'T1',
  'oauth.items[0].id': 'seven',
  injected: 'x\r\nx-evil: 1',
  markup: '{{ CLIENT_SECRET }}',
}
const render = (template: Partial<RequestTemplate>) =>
  renderRequest(
    { method: 'POST', url: 'https://example.com/token', ...template },
    (name) => values[name],
    'requests.token',
  )

function refusal(work: () => unknown): { field: string | undefined; message: string } {
  try {
    work()
  } catch (error) {
    if (error instanceof LatchkeyError) return { field: error.details.field, message: error.message }
  }
  throw new Error('It was not refused.')
}

describe('expressions', () => {
  it('[B8] stand in the path, the query, the form, the JSON and the headers, each encoded for its place', () => {
    const form = render({
      url: 'https://{{region}}.example.com/a/{{ code }}?c={{ code }}',
      query: { d: '{{  code  }}' },
      headers: { 'X-Client': 'id {{ CLIENT_ID }}' },
      data: {
        code: '{{ code }}',
        secret: '{{ CLIENT_SECRET }}',
        both: '{{ CLIENT_ID }}:{{ region }}',
        n: 3,
        gone: null,
        l: ['a', '{{ region }}'],
      },
    })
    expect(form.url).toBe('https://eu1.example.com/a/4%2F0A%20b%2Bc?c=4%2F0A%20b%2Bc&d=4%2F0A+b%2Bc')
    expect(form.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'x-client': 'id client 1',
    })
    expect(Object.fromEntries(new URLSearchParams(form.body ?? ''))).toMatchObject({
      code: values.code,
      secret: values.CLIENT_SECRET,
      both: 'client 1:eu1',
      n: '3',
    })
    expect(new URLSearchParams(form.body ?? '').getAll('l')).toEqual(['a', 'eu1'])
    expect(form.body).not.toContain('gone')
    const json = render({
      body: 'json',
      data: { secret: '{{ CLIENT_SECRET }}', nested: { n: 3, list: ['{{region}}'] }, no: null },
    })
    expect(JSON.parse(json.body ?? '')).toEqual({
      secret: values.CLIENT_SECRET,
      nested: { n: 3, list: ['eu1'] },
      no: null,
    })
  })

  it('[B8] put the data of a GET into its query', () => {
    expect(render({ method: 'GET', data: { code: '{{ code }}' } })).toMatchObject({
      url: 'https://example.com/token?code=4%2F0A+b%2Bc',
      body: null,
    })
  })

  it('[B6] read what the token answer held, by dots and indexes, also as the beginning of a URL', () => {
    const { url, body } = render({
      url: '{{ oauth.instance_url }}/services?team={{ oauth.team.id }}',
      data: { id: '{{ oauth.items[0].id }}' },
    })
    expect(url).toBe('https://eu1.example.com/services?team=T1')
    expect(body).toBe('id=seven')
  })

  it('a value that looks like an expression is text and nothing else', () => {
    expect(JSON.parse(render({ body: 'json', data: { it: '{{ markup }}' } }).body ?? '')).toEqual({
      it: '{{ CLIENT_SECRET }}',
    })
  })

  it.each([
    ['a variable that nothing fills', { data: { a: '{{ nobody }}' } }, 'requests.token.data.a', /\{\{ nobody \}\}/],
    ['one that the answer did not hold', { query: { a: '{{ oauth.x }}' } }, 'requests.token.query.a', /held no “x”/],
    ['code instead of a name', { data: { a: '{{ 1 + 1 }}' } }, 'requests.token.data.a', /only the name of a variable/],
    ['a call', { data: { a: '{{ process.exit() }}' } }, 'requests.token.data.a', /only the name of a variable/],
    ['an empty expression', { data: { a: '{{}}' } }, 'requests.token.data.a', /only the name of a variable/],
    ['one that is never closed', { url: 'https://example.com/{{ code' }, 'requests.token.url', /does not close/],
    [
      'a header of two lines',
      { headers: { 'x-a': '{{ injected }}' } },
      'requests.token.headers.x-a',
      /no header can have/,
    ],
    ['a header with a name of two', { headers: { 'x a': 'b' } }, 'requests.token.headers.x a', /cannot be the name/],
    ['a path that climbs', { url: 'https://example.com/{{ dots }}/x' }, 'requests.token.url', /cannot stand/],
    ['a host that is none', { url: 'https://{{ code }}/x' }, 'requests.token.url', /cannot stand/],
    ['a whole URL that is none', { url: '{{ code }}/x' }, 'requests.token.url', /whole https/],
    ['plain http', { url: 'http://example.com/' }, 'requests.token.url', /https/],
    ['a user in the URL', { url: 'https://a:b@example.com/' }, 'requests.token.url', /https/],
    ['an object in a form', { data: { a: { b: 1 } } }, 'requests.token.data.a', /"body": "json"/],
  ])('refuses %s, and names the field', (_, template, field, words) => {
    const { field: named, message } = refusal(() => render(template as Partial<RequestTemplate>))
    expect([named, message]).toEqual([field, expect.stringMatching(words)])
  })

  it('errors never repeat a value', () => {
    for (const url of ['https://{{ CLIENT_SECRET }}/x', '{{ CLIENT_SECRET }}/x']) {
      expect(refusal(() => render({ url })).message).not.toContain(values.CLIENT_SECRET)
    }
  })

  it('lists the names that a template uses', () => {
    expect(expressionNames({ url: '{{ a }}', data: { x: ['{{b}}', { y: '{{ oauth.c }}{{ a }}' }] } }, 'it')).toEqual([
      'a',
      'b',
      'oauth.c',
    ])
  })

  it('whatever a value holds, it comes back as it was and touches nothing beside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const resolve = () => value
        const data = { before: '1', it: '{{ it }}', after: '2' }
        const sent = renderRequest({ method: 'POST', url: 'https://example.com/t?a={{ it }}&z=1', data }, resolve, 'r')
        const query = new URL(sent.url).searchParams
        expect([...query.keys()]).toEqual(['a', 'z'])
        expect(query.get('a')).toBe(value)
        expect(Object.fromEntries(new URLSearchParams(sent.body ?? ''))).toEqual({ ...data, it: value })
        const json = renderRequest({ method: 'POST', url: 'https://example.com/', body: 'json', data }, resolve, 'r')
        expect(JSON.parse(json.body ?? '')).toEqual({ ...data, it: value })
      }),
    )
  })
})
