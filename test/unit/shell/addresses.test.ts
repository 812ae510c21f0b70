import { describe, expect, it } from 'vitest'
import { isAppUrl, isBrowserUrl, isWebUrl } from '../../../electron/shell/app-url.ts'
import { linkIn, pageOfLink } from '../../../electron/shell/deep-links.ts'

describe('our own page', () => {
  it.each(['app://latchkey/', 'app://latchkey/#/settings', 'app://latchkey/assets/index.js'])('%s', (url) => {
    expect(isAppUrl(url)).toBe(true)
  })

  it.each([
    'app://latchkey.example/',
    'app://latchkeys/',
    'app://latchkey:1/',
    'app://user@latchkey/',
    'app:latchkey',
    'https://latchkey/',
    'file:///latchkey/',
    'about:blank',
    '',
  ])('%s is not it', (url) => {
    expect(isAppUrl(url)).toBe(false)
  })
})

describe('the person’s own browser', () => {
  it.each([
    'https://example.com/',
    'http://127.0.0.1:8080/a',
    'http://127.8.9.1/',
    'http://localhost:1/',
    'http://[::1]:1/',
  ])('opens %s', (url) => {
    expect(isBrowserUrl(url)).toBe(true)
  })

  it.each([
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-msdt:/id',
    'latchkey://settings',
    '--version',
    '',
  ])('does not open %s', (url) => {
    expect(isBrowserUrl(url)).toBe(false)
  })

  it('a provider’s page may be http or https and nothing else', () => {
    expect(['https://a.example/', 'http://a.example/', 'ftp://a.example/', 'data:text/html,x'].map(isWebUrl)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('latchkey: links', () => {
  it.each([
    ['latchkey://accounts', '/'],
    ['latchkey://settings', '/settings'],
    ['latchkey://settings/', '/settings'],
    ['latchkey:activity', '/activity'],
    ['latchkey://reconnect/acc_1a-B', '/accounts/acc_1a-B'],
    ['latchkey://accounts/acc_1', '/accounts/acc_1'],
    ['latchkey://settings?theme=dark#x', '/settings'],
    ['latchkey://apps', '/apps'],
    ['latchkey://asks/WXYZ-2345', '/apps/asks/WXYZ-2345'],
    ['latchkey://asks/ask_7h2k9d0p4mq8vx3r', '/apps/asks/ask_7h2k9d0p4mq8vx3r'],
  ])('%s shows %s', (link, page) => {
    expect(pageOfLink(link)).toBe(page)
  })

  it.each([
    'latchkey://',
    'latchkey://unknown',
    'latchkey://__proto__',
    'latchkey://reconnect',
    'latchkey://reconnect/a/b',
    'latchkey://reconnect/%2e%2e%2fsettings',
    'latchkey://reconnect/a%20b',
    'latchkey://settings/vault',
    'latchkey://asks',
    'latchkey://asks/WXYZ-2345/approve',
    'latchkey://asks/%2e%2e',
    'https://settings/',
    'settings',
  ])('%s shows nothing', (link) => {
    expect(pageOfLink(link)).toBeNull()
  })

  it('is found among a program’s arguments', () => {
    expect(linkIn(['/usr/bin/latchkey', '--flag', 'latchkey://settings'])).toBe('latchkey://settings')
    expect(linkIn(['/usr/bin/latchkey', '.'])).toBeNull()
  })
})
