import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesRedirect } from '../../../electron/redirects/match.ts'

const redirectUri = 'http://127.0.0.1:49152/callback/practice'

describe('matchesRedirect', () => {
  it.each(['', '?', '?code=a&state=b', '?error=access_denied&state=b', '#', '?code=a#_=_', '#access_token=a'])(
    'accepts the redirect URI followed by "%s"',
    (rest) => {
      expect(matchesRedirect(redirectUri + rest, redirectUri)).toBe(true)
      expect(matchesRedirect(new URL(redirectUri + rest), redirectUri)).toBe(true)
    },
  )

  it.each([
    ['another scheme', 'https://127.0.0.1:49152/callback/practice?code=a'],
    ['a scheme of its own', 'latchkey://127.0.0.1:49152/callback/practice?code=a'],
    ['a name for the address', 'http://localhost:49152/callback/practice?code=a'],
    ['another loopback address', 'http://127.0.0.2:49152/callback/practice?code=a'],
    ['the IPv6 loopback address', 'http://[::1]:49152/callback/practice?code=a'],
    ['the address as one number', 'http://2130706433:49152/callback/practice?code=a'],
    ['the address shortened', 'http://127.1:49152/callback/practice?code=a'],
    ['a host that begins with it', 'http://127.0.0.1.example.com:49152/callback/practice?code=a'],
    ['it as a user name', 'http://127.0.0.1:49152@example.com/callback/practice?code=a'],
    ['a user name', 'http://user@127.0.0.1:49152/callback/practice?code=a'],
    ['another port', 'http://127.0.0.1:49153/callback/practice?code=a'],
    ['a longer port', 'http://127.0.0.1:491520/callback/practice?code=a'],
    ['no port', 'http://127.0.0.1/callback/practice?code=a'],
    ['another provider', 'http://127.0.0.1:49152/callback/google?code=a'],
    ['a longer path', 'http://127.0.0.1:49152/callback/practice2?code=a'],
    ['a deeper path', 'http://127.0.0.1:49152/callback/practice/x?code=a'],
    ['a closing slash', 'http://127.0.0.1:49152/callback/practice/?code=a'],
    ['another case in the path', 'http://127.0.0.1:49152/Callback/practice?code=a'],
    ['an encoded path', 'http://127.0.0.1:49152/callback%2Fpractice?code=a'],
    ['a path parameter', 'http://127.0.0.1:49152/callback/practice;a=b?code=a'],
    ['a path that climbs', 'http://127.0.0.1:49152/x/../callback/practice?code=a'],
    ['backslashes', 'http:\\\\127.0.0.1:49152\\callback\\practice?code=a'],
    ['a tab inside', 'http://127.0.0.1:49152/call\tback/practice?code=a'],
    ['it inside a query', `http://example.com/?next=${redirectUri}?code=a`],
    ['no URL', 'code=a&state=b'],
    ['nothing', ''],
  ])('refuses %s', (_name, url) => {
    expect(matchesRedirect(url, redirectUri)).toBe(false)
  })

  it('never takes a URL whose host, port or path differ once it is resolved', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string(), (other, text) => {
        for (const url of [other, redirectUri + text]) {
          if (!matchesRedirect(url, redirectUri)) continue
          const { protocol, host, pathname, username } = new URL(url)
          expect([protocol, host, pathname, username]).toEqual(['http:', '127.0.0.1:49152', '/callback/practice', ''])
        }
      }),
    )
  })
})
