import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkDestination, destinationPolicy, requestUrl } from '../../../electron/signer/policy.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const policy = (parts: Partial<Parameters<typeof destinationPolicy>[0]> = {}) =>
  destinationPolicy({ hosts: [], extraHosts: [], baseUrl: null, privateNetwork: false, ...parts })

function verdict(it: ReturnType<typeof destinationPolicy>, url: string): string {
  try {
    return [...checkDestination(it, new URL(url))].sort().join(' ')
  } catch (error) {
    if (error instanceof LatchkeyError) return error.code
    throw error
  }
}
const refused = 'destination_not_allowed'

describe('hosts', () => {
  it('are matched whole, with their port', () => {
    const it = policy({ hosts: ['api.example.com', 'other.example.com:8443'] })
    expect(verdict(it, 'https://api.example.com/x')).toBe('public')
    expect(verdict(it, 'https://api.example.com:443/x')).toBe('public')
    expect(verdict(it, 'https://other.example.com:8443/')).toBe('public')
    for (const url of [
      'https://api.example.com:8443/',
      'https://other.example.com/',
      'https://xapi.example.com/',
      'https://api.example.com.evil.test/',
      'https://example.com/',
      'https://sub.api.example.com/',
    ]) {
      expect(verdict(it, url)).toBe(refused)
    }
  })

  it('with a star cover the names below and not the name itself', () => {
    const it = policy({ hosts: ['*.example.com'] })
    expect(verdict(it, 'https://a.example.com/')).toBe('public')
    expect(verdict(it, 'https://a.b.example.com/')).toBe('public')
    expect(verdict(it, 'https://example.com/')).toBe(refused)
    expect(verdict(it, 'https://evilexample.com/')).toBe(refused)
    expect(verdict(policy({ hosts: ['*.com'] }), 'https://example.com/')).toBe(refused)
  })

  it('are those of the definition, of the registration and of the base URL', () => {
    const it = policy({ hosts: ['a.test'], extraHosts: ['b.test'], baseUrl: 'https://c.test:444/v1' })
    expect(verdict(it, 'https://a.test/')).toBe('public')
    expect(verdict(it, 'https://b.test/')).toBe('public')
    expect(verdict(it, 'https://c.test:444/elsewhere')).toBe('public')
    expect(verdict(it, 'https://c.test/')).toBe(refused)
  })

  it('that are none match nothing', () => {
    const it = policy({
      extraHosts: ['', '*', 'a.test/path', 'u@a.test', 'a.test?x', 'a b', '*.*.test', 'https://a.test'],
    })
    expect(it.hosts).toEqual([])
  })

  it('are compared in one spelling: case, international names, a trailing dot', () => {
    const it = policy({ hosts: ['API.example.com', 'bücher.example'] })
    expect(verdict(it, 'https://api.EXAMPLE.com/')).toBe('public')
    expect(verdict(it, 'https://xn--bcher-kva.example/')).toBe('public')
    expect(verdict(it, requestUrl('https://api.example.com./x', null).href)).toBe('public')
    expect(requestUrl('https://api.example.com./x', null).href).toBe('https://api.example.com/x')
  })
})

describe('what is refused before credentials are attached', () => {
  it.each([
    ['plain http', 'http://api.example.com/'],
    ['plain http on the https port', 'http://api.example.com:443/'],
    ['another scheme', 'ftp://api.example.com/'],
    ['a user name in the URL', 'https://me@api.example.com/'],
    ['a password in the URL', 'https://:secret@api.example.com/'],
    ['a host in place of the user name', 'https://api.example.com@evil.test/'],
    ['a backslash before another host', 'https://evil.test\\@api.example.com/'],
  ])('%s', (_, url) => {
    expect(verdict(policy({ hosts: ['api.example.com'] }), url)).toBe(refused)
  })

  it.each([
    ['decimal', 'https://2130706433/'],
    ['octal', 'https://0177.0.0.1/'],
    ['hexadecimal', 'https://0x7f.1/'],
    ['short', 'https://127.1/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['IPv4-mapped', 'https://[::ffff:127.0.0.1]/'],
    ['NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['cloud metadata', 'https://169.254.169.254/'],
    ['unspecified', 'https://0.0.0.0/'],
  ])('an address inside, spelled %s, although its host is listed', (_, url) => {
    const it = policy({ hosts: [new URL(url).host] })
    expect(it.hosts).toHaveLength(1)
    expect(verdict(it, url)).toBe(refused)
  })

  it('says what is allowed and does not repeat the query', () => {
    try {
      checkDestination(
        policy({ hosts: ['api.example.com', '*.files.test:8443'] }),
        new URL('https://evil.test/?s=SECRET'),
      )
      expect.unreachable()
    } catch (error) {
      expect(String(error)).toContain(
        'evil.test is not among the hosts of this account: api.example.com, *.files.test:8443',
      )
      expect(String(error)).not.toContain('SECRET')
    }
  })
})

describe('providers on this machine or inside a private network', () => {
  const it_ = policy({
    hosts: ['127.0.0.1:4000', 'localhost:4000', 'nas.lan', '10.0.0.5', '169.254.1.1'],
    privateNetwork: true,
  })
  it('may be reached over http on loopback alone', () => {
    expect(verdict(it_, 'http://127.0.0.1:4000/')).toBe('loopback')
    expect(verdict(it_, 'http://localhost:4000/')).toBe('loopback')
    expect(verdict(policy({ hosts: ['nas.lan:80'], privateNetwork: true }), 'http://nas.lan/')).toBe(refused)
    expect(verdict(policy({ hosts: ['127.0.0.2:80'], privateNetwork: true }), 'http://127.0.0.2/')).toBe(refused)
  })
  it('may have private addresses over https, never link-local ones', () => {
    expect(verdict(it_, 'https://nas.lan/')).toBe('loopback private public')
    expect(verdict(it_, 'https://10.0.0.5/')).toBe('loopback private public')
    expect(verdict(it_, 'https://169.254.1.1/')).toBe(refused)
  })
  it('a base URL on loopback opens that host and port, nothing else', () => {
    const it = policy({ baseUrl: 'http://127.0.0.1:5000/api', extraHosts: ['127.0.0.1:6000', 'localhost:5000'] })
    expect(verdict(it, 'http://127.0.0.1:5000/api/me')).toBe('loopback')
    expect(verdict(it, 'http://127.0.0.1:6000/')).toBe(refused)
    expect(verdict(it, 'http://localhost:5000/')).toBe(refused)
    expect(verdict(it, 'https://127.0.0.1:6000/')).toBe(refused)
  })
})

describe('the URL of a request', () => {
  it('[D8] a relative URL stands below the base URL', () => {
    const base = 'https://graph.example.com/v1.0'
    expect(requestUrl('/me', base).href).toBe('https://graph.example.com/v1.0/me')
    expect(requestUrl('me?a=1#part', base).href).toBe('https://graph.example.com/v1.0/me?a=1')
    expect(requestUrl('me', `${base}/`).href).toBe('https://graph.example.com/v1.0/me')
    expect(requestUrl('drive/root:/x', base).href).toBe('https://graph.example.com/v1.0/drive/root:/x')
    expect(requestUrl('https://other.test/', base).href).toBe('https://other.test/')
  })

  it.each([
    ['//evil.test/x', 'https://evil.test/x'],
    ['\\\\evil.test/x', 'https://evil.test/x'],
    ['/\\evil.test/x', 'https://evil.test/x'],
    ['https:\\\\evil.test/x', 'https://evil.test/x'],
    [' https://evil.test/x', 'https://evil.test/x'],
    ['/../../../x', 'https://api.test/x'],
    ['/%2e%2e/%2e%2e/x', 'https://api.test/x'],
    ['/a%2f..%2fb', 'https://api.test/v1/a%2f..%2fb'],
    ['@evil.test/', 'https://api.test/v1/@evil.test/'],
    ['.evil.test/', 'https://api.test/v1/.evil.test/'],
  ])('%s is %s, as the policy will see it', (reference, href) => {
    expect(requestUrl(reference, 'https://api.test/v1').href).toBe(href)
  })

  it('names the field when there is nothing to send to', () => {
    for (const [reference, base] of [
      ['me', null],
      ['https://', 'https://api.test'],
      ['https://a b/', null],
    ] as const) {
      expect(() => requestUrl(reference, base)).toThrow(
        expect.objectContaining({ code: 'invalid_request', details: { field: 'url' } }),
      )
    }
  })

  it('whatever is written, what passes the policy goes to an allowed host', () => {
    const it = policy({ hosts: ['api.test'] })
    const piece = fc.oneof(
      fc.constantFrom('https:', '/', '//', '\\', '@', ':', '.', '..', 'api.test', 'evil.test', '?', '#', '%2f', '443'),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        let url: URL
        try {
          url = requestUrl(pieces.join(''), 'https://api.test/v1')
        } catch {
          return
        }
        if (verdict(it, url.href) === refused) return
        expect(url.origin).toBe('https://api.test')
        expect(url.username + url.password).toBe('')
      }),
      { numRuns: 3000 },
    )
  })
})
