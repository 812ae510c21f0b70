import { expect, it } from 'vitest'
import { forge, freshHost } from '../../integration/bridges/support.ts'
import { helper } from './support.ts'

const wrong: Record<string, string> = {
  'a host said twice (CVE-2020-5260)': 'protocol=https\nhost=evil.example\nhost=forge.example\n\n',
  'a host said again by a url': 'protocol=https\nhost=evil.example\nurl=https://forge.example\n\n',
  'a protocol said twice': 'protocol=http\nprotocol=https\nhost=forge.example\n\n',
  'a line feed in a url’s host': 'url=https://evil.example%0ahost=forge.example/\n\n',
  'a line feed in a url’s user name': 'url=https://a%0ahost=forge.example@forge.example/\n\n',
  'a carriage return (CVE-2024-52006)': 'protocol=https\nhost=evil.example\rhost=forge.example\n\n',
  'a carriage return at the end': 'protocol=https\nhost=forge.example\r\n\n',
  'a NUL': 'protocol=https\nhost=forge.example\u0000.evil.example\n\n',
  'a line that is no pair': 'protocol=https\nforge.example\nhost=forge.example\n\n',
  'a line without a key': '=x\nprotocol=https\nhost=forge.example\n\n',
  'a request without end': `protocol=https\nhost=forge.example\n${'x=y\n'.repeat(20_000)}`,
}

it('[F12] nothing is answered to a request that git would never send', async () => {
  const host = await freshHost()
  await (await forge(host, { hosts: ['forge.example'], username: 'oauth2' })).connect('ada')
  for (const [what, input] of Object.entries(wrong)) {
    const { code, stdout, stderr } = await helper(host.home, input)
    expect([code, stdout], what).toEqual([2, ''])
    expect(stderr, what).toMatch(/^latchkey: .+\n$/)
  }
})

it('[F12] what stands behind the empty line is not read, and a definition cannot add lines to the answer', async () => {
  const host = await freshHost()
  const provider = await forge(host, { hosts: ['forge.example'], username: 'a\nhost=evil.example' })
  await provider.connect('ada')
  expect(await helper(host.home, 'protocol=https\nhost=evil.example\n\nhost=forge.example\n')).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
  expect(await helper(host.home, 'protocol=https\nhost=forge.example\n\n')).toMatchObject({ code: 2, stdout: '' })
})
