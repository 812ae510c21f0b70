import { expect, it } from 'vitest'
import { forge, freshHost } from '../../integration/bridges/support.ts'
import { helper } from './support.ts'

it('[F12] an address that names an account gets its token for the account’s own hosts alone', async () => {
  const host = await freshHost()
  const ada = await (await forge(host, { hosts: ['forge.example'], username: 'oauth2' })).connect('ada', 'work')
  // As in a submodule’s address: https://work@evil.example/x.git
  for (const name of ['work', 'forge:ada', 'ada', 'ada@example.com', ada]) {
    const asked = `protocol=https\nhost=evil.example\nusername=${name}\n\n`
    expect(await helper(host.home, asked), name).toEqual({ code: 0, stdout: '', stderr: '' })
    expect((await helper(host.home, asked.replace('evil', 'forge'))).stdout, name).toContain('password=')
  }
  expect((await helper(host.home, 'url=https://work@evil.example/x.git\n\n')).stdout).toBe('')
})
