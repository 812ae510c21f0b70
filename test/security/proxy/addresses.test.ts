import { expect, it } from 'vitest'
import { startProxy } from '../../integration/proxy/world.ts'

const hosts = ['127.0.0.1', '[::1]', 'localhost', '169.254.169.254', '10.0.0.1', '[::ffff:10.0.0.1]', 'api.test']

it.each([
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a00:1]/',
  'https://10.0.0.1/',
  'https://167772161/',
  'https://169.254.169.254/latest/meta-data/',
  'https://0/',
  'http://127.0.0.1/',
  'http://api.test/',
  'https://１２７.０.０.１/',
])('an address inside this machine or network is refused in any spelling, even when it was listed: %s', async (url) => {
  const world = await startProxy({ baseUrl: 'https://api.test', hosts })
  // A request target is ASCII.
  for (const target of [encodeURIComponent(url), ...(/^[ -~]+$/.test(url) ? [url] : [])]) {
    const answer = await world.call('GET', world.path(target))
    expect(answer, target).toMatchObject({ status: 403, json: { error: { code: 'destination_not_allowed' } } })
  }
  expect(world.asked).toEqual([])
})

it.each(['ftp://api.test/x', 'file:///etc/passwd', 'gopher://api.test', 'unix:%2f%2ftmp'])(
  'another scheme is refused: %s',
  async (target) => {
    const world = await startProxy({ baseUrl: 'https://api.test' })
    const answer = await world.call('GET', world.path(target))
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'destination_not_allowed' } } })
  },
)
