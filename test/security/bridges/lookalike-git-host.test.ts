import { expect, it } from 'vitest'
import { forge, freshHost } from '../../integration/bridges/support.ts'
import { helper } from './support.ts'

const near = [
  'forge.example.evil.example',
  'evilforge.example',
  'evil.forge.example',
  'forge.example:8443',
  'forge.example@evil.example',
  'evil.example/forge.example',
  'evil.example?forge.example',
  'evil.example#forge.example',
  'evil.example\\forge.example',
  'forge.example evil.example',
  'forge%2eexample.evil.example',
  'f\u043erge.example',
  '',
]

it('[F12] a host that only looks like the provider’s gets no token', async () => {
  const host = await freshHost()
  const provider = await forge(host, { hosts: ['forge.example', '*.pages.example'], username: 'oauth2' })
  await provider.connect('ada')
  for (const name of near) {
    expect((await helper(host.home, `protocol=https\nhost=${name}\n\n`)).stdout, name).toBe('')
  }
  for (const name of ['pages.example', 'evilpages.example', 'a.pages.example.evil.example']) {
    expect((await helper(host.home, `protocol=https\nhost=${name}\n\n`)).stdout, name).toBe('')
  }
  for (const name of ['forge.example', 'Forge.Example.', 'a.pages.example']) {
    expect((await helper(host.home, `protocol=https\nhost=${name}\n\n`)).stdout, name).toContain('password=')
  }
})
