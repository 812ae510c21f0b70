import { describe, expect, it } from 'vitest'
import { owner, refusal, world } from './support.ts'

const at = (text: string) => new URL(text)

describe('[E19] a host that is bound to an account', () => {
  it('is found by the URL, the host itself before those below a name', async () => {
    const { bindings } = await world()
    await bindings.save('*.example.org', 'practice:ada', owner)
    await bindings.save('*.b.example.org', 'work', owner)
    await bindings.save('x.b.example.org', 'practice:ada', owner)
    await bindings.save('API.example.com', 'work', owner)
    expect(bindings.list().map(({ host }) => host)).toEqual([
      '*.b.example.org',
      '*.example.org',
      'api.example.com',
      'x.b.example.org',
    ])
    expect(bindings.accountFor(at('https://a.example.org/v1')).id).toBe('acc_1')
    expect(bindings.accountFor(at('https://y.b.example.org/')).id).toBe('acc_2')
    expect(bindings.accountFor(at('https://x.b.example.org/')).id).toBe('acc_1')
    expect(bindings.accountFor(at('https://api.example.com/')).id).toBe('acc_2')
    expect(refusal(() => bindings.accountFor(at('https://api.example.com:8443/'))).code).toBe('not_found')
    expect(refusal(() => bindings.accountFor(at('https://example.org/'))).code).toBe('not_found')
  })

  it('has one account: another takes its place', async () => {
    const { bindings, vault } = await world()
    await bindings.save('api.example.com', 'practice:ada', owner)
    await bindings.save('api.example.com', 'work', owner)
    expect(bindings.list()).toMatchObject([{ host: 'api.example.com', account_id: 'acc_2' }])
    bindings.remove('api.EXAMPLE.com', owner)
    expect(bindings.list()).toEqual([])
    expect(refusal(() => bindings.remove('api.example.com', owner)).code).toBe('not_found')
    expect(vault.activity.list({ limit: 9 }).map(({ summary }) => summary)).toEqual([
      'Requests to api.example.com no longer use work',
      'Requests to api.example.com use work',
      'Requests to api.example.com use practice:ada',
    ])
  })

  it('is one that the account’s requests may go to', async () => {
    const { bindings } = await world()
    const save = (host: string) => bindings.save(host, 'practice:ada', owner)
    await expect(save('evil.test')).rejects.toMatchObject({
      code: 'destination_not_allowed',
      details: { field: 'host' },
    })
    await expect(save('*.example.com')).rejects.toMatchObject({ code: 'destination_not_allowed' })
    await expect(save('*.com')).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'host' } })
    await expect(bindings.save('api.example.com', 'nobody', owner)).rejects.toMatchObject({ code: 'not_found' })
  })
})
