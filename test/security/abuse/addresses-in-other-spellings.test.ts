import { expect, it } from 'vitest'
import { abused, trap } from './support.ts'

/** PORT: of the attacker's server. API: host and port of the account's own API. */
const spellings = [
  'http://127.0.0.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f000001:PORT/',
  'http://0x7f.1:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://017700000001:PORT/',
  'http://127.1:PORT/',
  'http://0:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://127.0.0.2:PORT/',
  'http://１２７.０.０.１:PORT/',
  'http://127。0。0。1:PORT/',
  'http://localhost:PORT/',
  'http://localhost.:PORT/',
  'http://LOCALHOST:PORT/',
  'http://sub.localhost:PORT/',
  'http://[::1]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[64:ff9b::7f00:1]:PORT/',
  'http://[::]:PORT/',
  'https://127.0.0.1:PORT/',
  'http:127.0.0.1:PORT/',
  'http:///127.0.0.1:PORT/',
  'http:\\\\127.0.0.1:PORT\\',
  '//127.0.0.1:PORT/',
  '\\\\127.0.0.1:PORT\\',
  '/\\127.0.0.1:PORT/',
  'http://API@127.0.0.1:PORT/',
  'http://user:word@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT#@API/',
  'http://127.0.0.1:PORT?@API/',
  'http://127.0.0.1:PORT\\@API/',
  'http://API%00@127.0.0.1:PORT/',
  'http://API%2f@127.0.0.1:PORT/',
  'http://API:PORT/',
  'http:/\t/127.0.0.1:PORT/',
  ' http://127.0.0.1:PORT/',
  'HTTP://127.0.0.1:PORT/',
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'unix:/run/latchkey.sock',
  'data:text/plain,x',
]

it('another server on this machine is not reached by any spelling of its address, over /request or /proxy/', async () => {
  const { both, api, secrets, answersOthers } = await abused()
  const { port, arrived } = await trap()
  const { host } = new URL(api)
  for (const spelling of spellings) {
    const url = spelling.replace('PORT', String(port)).replace('API', host)
    for (const { way, answer } of await both('GET', url)) {
      // A path below the base URL may come of it, or nothing: never the other server.
      expect([400, 403, 404], `${way}: ${answer.text}`).toContain(answer.status)
      expect(answer.text).not.toContain('trapped')
      for (const secret of secrets) expect(answer.text).not.toContain(secret)
    }
  }
  expect(arrived).toEqual([])
  expect(await answersOthers()).toBe(true)
})

it('the account’s own API is reached by its address in whatever spelling, and as that one', async () => {
  const { both, api } = await abused()
  const { port } = new URL(api)
  for (const name of ['127.0.0.1', '2130706433', '0x7f.1', '127.1', '127.0.0.1.']) {
    for (const { way, answer } of await both('GET', `http://${name}:${port}/api/me`)) {
      if (answer.status === 200) expect(answer.text, way).toContain('Ada Lovelace')
      else expect([400, 403], `${way}: ${answer.text}`).toContain(answer.status)
    }
  }
})
