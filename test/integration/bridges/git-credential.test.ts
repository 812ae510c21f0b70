import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitWith, gitWorld } from './git.ts'
import { type Forge, forge, freshHost, hasProgram, latchkey } from './support.ts'

const repository = (url: string, user = '') => `${url.replace('://', `://${user}`)}/notes.git`
const ask = (home: string, lines: string[], operation = 'get') =>
  latchkey(home, ['git-credential', operation], { input: `${lines.join('\n')}\n\n` })

/** A host with a provider whose repositories are on a real git server over https. */
async function world(options: { username?: string; plain?: true; challenge?: string } = {}) {
  const host = await freshHost()
  const provider: { forge?: Forge } = {}
  const { server, caFile } = await gitWorld(async (token) => (await provider.forge?.accepts(token)) === true, options)
  provider.forge = await forge(host, { hosts: [server.host], username: options.username ?? 'oauth2' })
  return { host, server, forge: provider.forge, ...gitWith(host.home, caFile) }
}

describe.skipIf(!hasProgram('git'))('git over https with Latchkey as its credential helper', () => {
  it('[F12] clones and pushes with the access token of the account whose provider has the repository', async () => {
    const { forge, server, git, folder } = await world()
    await forge.connect('ada')
    expect(await git('clone', '-q', repository(server.url), 'notes')).toMatchObject({ code: 0, stderr: '' })
    expect(fs.readFileSync(path.join(folder, 'notes/notes.txt'), 'utf8')).toBe('first\n')
    expect(server.signIns.at(-1)).toMatchObject({ scheme: 'Basic', username: 'oauth2', accepted: true })

    fs.writeFileSync(path.join(folder, 'notes/notes.txt'), 'second\n')
    await git('-C', 'notes', 'commit', '-q', '-a', '-m', 'Second')
    expect(await git('-C', 'notes', 'push', '-q')).toMatchObject({ code: 0, stderr: '' })
    expect((await git('ls-remote', repository(server.url), 'main')).stdout).toContain(
      (await git('-C', 'notes', 'rev-parse', 'HEAD')).stdout.trim(),
    )
    // What git keeps on disk names no token.
    const token = server.signIns.at(-1)?.token ?? ''
    expect(token).not.toBe('')
    expect(fs.readFileSync(path.join(folder, 'notes/.git/config'), 'utf8')).not.toContain(token)
  })

  it('[F12] refreshes a token that has expired before git gets it', async () => {
    const { host, forge, server, git } = await world()
    const account = await forge.connect('ada')
    const before = await host.client.token(account)
    await host.client.expire(account)
    expect((await git('ls-remote', repository(server.url))).code).toBe(0)
    expect(server.signIns.at(-1)?.token).not.toBe(before.access_token)
    expect(forge.server.tokenRequests).toEqual(['password', 'refresh_token'])
  })

  it('[F12] replaces a token that the server refused: the next try works', async () => {
    const { host, forge, server, git } = await world()
    const account = await forge.connect('ada')
    const { access_token: token } = await host.client.token(account)
    // The provider ends it, and nobody has told Latchkey.
    await fetch(`${forge.server.issuer}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id: forge.server.clientId }),
    })
    expect(await forge.accepts(token)).toBe(false)
    expect((await git('ls-remote', repository(server.url))).code).not.toBe(0)
    expect(server.signIns.at(-1)).toMatchObject({ token, accepted: false })
    expect((await git('ls-remote', repository(server.url))).code).toBe(0)
    expect(server.signIns.at(-1)?.token).not.toBe(token)
  })

  it('[F12] takes the account that the user name in the address names', async () => {
    const { host, forge, server, git } = await world()
    await forge.connect('ada')
    const grace = await forge.connect('grace', 'work')
    const { access_token: token } = await host.client.token(grace)
    for (const name of ['work', 'forge%3Agrace', 'grace', grace]) {
      expect((await git('ls-remote', repository(server.url, `${name}@`))).code, name).toBe(0)
      expect(server.signIns.at(-1), name).toMatchObject({ token, accepted: true })
    }
  })

  it('[F12] says which accounts are possible when there are several, and lets git go on without one', async () => {
    const { forge, server, git, config } = await world()
    await forge.connect('ada')
    await forge.connect('grace')
    const refused = await git('ls-remote', repository(server.url))
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('2 accounts are possible')
    expect(refused.stderr).toContain('forge:grace')
    expect(refused.stderr).toContain(`latchkey bind ${server.host} forge:ada`)
    expect(server.signIns.every(({ token }) => token === null)).toBe(true)
    // The second way out that it names.
    await config(`credential.${server.url}.username`, 'forge:grace')
    expect((await git('ls-remote', repository(server.url))).code).toBe(0)
  })

  it('[F12] [E19] takes the account that the host is bound to', async () => {
    const { host, forge, server, git } = await world()
    await forge.connect('ada')
    const grace = await forge.connect('grace')
    await host.client.bind(server.host, grace)
    expect((await git('ls-remote', repository(server.url))).code).toBe(0)
    expect(server.signIns.at(-1)?.token).toBe((await host.client.token(grace)).access_token)
  })

  it('[F12] works over plain http on this computer', async () => {
    const { forge, server, git } = await world({ plain: true })
    await forge.connect('ada')
    expect((await git('ls-remote', repository(server.url))).code).toBe(0)
    expect(server.signIns.at(-1)).toMatchObject({ accepted: true })
  })
})

describe('the helper’s own protocol', () => {
  it('[F12] answers user name, token and its end; unknown keys are left aside', async () => {
    const host = await freshHost()
    const ada = await (await forge(host, { hosts: ['forge.example'], username: 'oauth2' })).connect('ada')
    const answer = await ask(host.home, ['protocol=https', 'host=forge.example', 'path=a/b.git', 'later[]=x', 'odd=1'])
    const token = await host.client.token(ada)
    expect(answer).toEqual({
      code: 0,
      stdout: `username=oauth2\npassword=${token.access_token}\npassword_expiry_utc=${Math.floor(Date.parse(token.expires_at ?? '') / 1000)}\n`,
      stderr: '',
    })
    expect(await ask(host.home, ['url=https://forge.example/a/b.git'])).toEqual(answer)
    expect(await ask(host.home, ['protocol=https', 'host=FORGE.example:443'])).toEqual(answer)
  })

  it('[F12] answers a bearer token where the server wants one and git can send it', async () => {
    const host = await freshHost()
    const ada = await (await forge(host, { hosts: ['forge.example'], username: 'oauth2' })).connect('ada')
    const { access_token: token } = await host.client.token(ada)
    const asked = ['protocol=https', 'host=forge.example']
    const bearer = 'wwwauth[]=Bearer realm="forge"'
    const { stdout } = await ask(host.home, ['capability[]=authtype', 'capability[]=state', ...asked, bearer])
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'capability[]=authtype',
      'authtype=Bearer',
      `credential=${token}`,
      'ephemeral=1',
    ])
    expect(stdout).not.toMatch(/^(username|password)=/m)
    // Nothing of it to a git that did not say that it understands it, nor where a password will do.
    expect((await ask(host.home, [...asked, bearer])).stdout).toMatch(/^username=/)
    const both = ['capability[]=authtype', ...asked, bearer, 'wwwauth[]=Basic realm="forge"']
    expect((await ask(host.home, both)).stdout).toMatch(/^username=/)
    // “An empty multi-valued attribute acts to clear any previous entries.”
    expect((await ask(host.home, ['capability[]=authtype', 'capability[]=', ...asked, bearer])).stdout).toMatch(
      /^username=/,
    )
  })

  it('[F12] says nothing for hosts that no account belongs to, and for operations that do not concern it', async () => {
    const host = await freshHost()
    await (await forge(host, { hosts: ['forge.example'], username: 'oauth2' })).connect('ada')
    const silence = { code: 0, stdout: '', stderr: '' }
    expect(await ask(host.home, ['protocol=https', 'host=elsewhere.example'])).toEqual(silence)
    expect(await ask(host.home, ['protocol=https', 'host=forge.example', 'username=a', 'password=b'], 'store')).toEqual(
      silence,
    )
    expect(await ask(host.home, ['protocol=https', 'host=forge.example'], 'frobnicate')).toEqual(silence)
    expect(await ask(host.home, ['protocol=smtp', 'host=forge.example'])).toEqual(silence)
  })

  it('[F12] erase replaces the refused token alone, once, whoever says it', async () => {
    const host = await freshHost()
    const { connect, server } = await forge(host, { hosts: ['forge.example'], username: 'oauth2' })
    const ada = await connect('ada')
    const grace = await connect('grace')
    const before = await host.client.token(ada)
    const refused = ['protocol=https', 'host=forge.example', 'username=oauth2', `password=${before.access_token}`]
    const others = await host.client.inspect(grace)
    expect(await ask(host.home, refused, 'erase')).toEqual({ code: 0, stdout: '', stderr: '' })
    const after = await host.client.inspect(ada)
    const fingerprint = createHash('sha256').update(before.access_token).digest('hex').slice(0, 16)
    expect(after.tokens.map((token) => token.fingerprint)).not.toContain(fingerprint)
    expect(await host.client.inspect(grace)).toEqual(others)
    // Said again, and said of something that was never a token of ours.
    await ask(host.home, refused, 'erase')
    await ask(host.home, [...refused.slice(0, 3), 'password=typed-by-hand'], 'erase')
    await ask(host.home, refused.slice(0, 3), 'erase')
    expect(server.tokenRequests).toEqual(['password', 'password', 'refresh_token'])
  })

  it('[F12] leaves an account that is switched off aside as long as another one is there', async () => {
    const host = await freshHost()
    const { connect } = await forge(host, { hosts: ['forge.example'], username: 'oauth2' })
    const ada = await connect('ada')
    const grace = await connect('grace')
    await host.client.disable(ada)
    const { access_token: token } = await host.client.token(grace)
    const asked = ['protocol=https', 'host=forge.example']
    expect((await ask(host.home, asked)).stdout).toContain(`password=${token}\n`)
    await host.client.disable(grace)
    expect(await ask(host.home, [...asked, 'username=forge:ada'])).toMatchObject({ code: 4, stdout: '' })
  })
})
