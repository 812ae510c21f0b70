import { Octokit } from '@octokit/rest'
import OpenAI, { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { completionApi } from '../../doubles/completion-api.ts'
import { repositoryApi } from '../../doubles/repository-api.ts'
import { startProxy, startUpstream } from '../proxy/world.ts'

/** Libraries as they come, with nothing set but the base URL and the key. */

describe('[F10] @octokit/rest', () => {
  async function connect() {
    const upstream = await startUpstream(repositoryApi('first-token'))
    const world = await startProxy({ baseUrl: upstream.base })
    return { world, octokit: new Octokit({ baseUrl: world.proxy.slice(0, -1), auth: world.apps.key }) }
  }

  it('reads all pages', async () => {
    const { octokit, world } = await connect()
    const names = await octokit.paginate(octokit.rest.repos.listForAuthenticatedUser, { per_page: 3 }, ({ data }) =>
      data.map(({ name }) => name),
    )
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7].map((id) => `repository-${id}`))
    expect(world.uses.map(({ status, caller }) => [status, caller.app?.name])).toEqual(Array(3).fill([200, 'Backup']))
  })

  it('writes, follows redirects, downloads, and understands errors', async () => {
    const { octokit } = await connect()
    const { data } = await octokit.rest.issues.create({ owner: 'ada', repo: 'one', title: 'It broke' })
    expect(data).toMatchObject({ number: 1, title: 'It broke' })
    expect((await octokit.rest.repos.get({ owner: 'ada', repo: 'moved' })).data).toMatchObject({ name: 'new-name' })
    const file = await octokit.rest.repos.downloadTarballArchive({ owner: 'ada', repo: 'one', ref: 'main' })
    expect((file.data as ArrayBuffer).byteLength).toBe(4)
    await expect(octokit.rest.repos.get({ owner: 'ada', repo: 'none' })).rejects.toMatchObject({ status: 404 })
  })
})

describe('[F10] openai', () => {
  async function connect(tokens?: string[]) {
    const upstream = await startUpstream(completionApi('first-token'))
    const world = await startProxy({ baseUrl: `${upstream.base}/v1`, ...(tokens ? { tokens } : {}) })
    return { world, client: new OpenAI({ baseURL: world.proxy, apiKey: world.apps.key }) }
  }
  const asking = { model: 'echo', messages: [{ role: 'user' as const, content: 'one two three' }] }

  it('asks and is answered, at once and in pieces', async () => {
    const { client } = await connect()
    const whole = await client.chat.completions.create(asking)
    expect(whole.choices[0]?.message.content).toBe('one two three')
    const words: (string | null | undefined)[] = []
    for await (const part of await client.chat.completions.create({ ...asking, stream: true })) {
      words.push(part.choices[0]?.delta.content)
    }
    expect(words).toEqual(['one', 'two', 'three'])
  })

  it('lists, sends and fetches files', async () => {
    const { client } = await connect()
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['echo'])
    const file = await client.files.create({ file: await toFile(Buffer.alloc(200_000), 'a.jsonl'), purpose: 'batch' })
    expect(file.filename).toBe('a.jsonl')
    expect(file.bytes).toBeGreaterThan(200_000)
    expect(await (await client.files.content('file-1')).text()).toBe('the content')
  })

  it('gets a new token without noticing', async () => {
    const { client, world } = await connect(['old-token', 'first-token'])
    expect((await client.chat.completions.create(asking)).choices).toHaveLength(1)
    expect(world.uses).toMatchObject([{ status: 200, refreshed: true }])
  })

  it('understands a refusal of Latchkey’s', async () => {
    const { client, world } = await connect()
    world.apps.ended = 'The access of Backup was taken back.'
    await expect(client.models.list()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' })
  })
})
