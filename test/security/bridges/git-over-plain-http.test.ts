import { expect, it } from 'vitest'
import { forge, freshHost } from '../../integration/bridges/support.ts'
import { helper } from './support.ts'

it('[F12] no token goes over plain http to another computer', async () => {
  const host = await freshHost()
  const hosts = ['forge.example', '127.0.0.2', '127.0.0.1.forge.example', '10.0.0.1', '127.0.0.1:8080']
  await (await forge(host, { hosts, username: 'oauth2' })).connect('ada')
  for (const name of hosts.slice(0, 4)) {
    const { stdout, stderr } = await helper(host.home, `protocol=http\nhost=${name}\n\n`)
    expect(stdout, name).toBe('')
    expect(stderr, name).toContain('plain http')
  }
  for (const protocol of ['ftp', 'git', 'ssh', 'HTTPS', 'https ', 'file', '']) {
    expect((await helper(host.home, `protocol=${protocol}\nhost=forge.example\n\n`)).stdout, protocol).toBe('')
  }
  // The same account is there for https, and for this computer itself.
  expect((await helper(host.home, 'protocol=https\nhost=forge.example\n\n')).stdout).toContain('password=')
  expect((await helper(host.home, 'protocol=http\nhost=127.0.0.1:8080\n\n')).stdout).toContain('password=')
})
