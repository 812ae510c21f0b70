import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import type { Handlers } from '../../../electron/services/ports.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const caller = { kind: 'page' } as const

/** Only the handlers that a test needs: the others must not be reached. */
const dispatchTo = (handlers: Partial<Record<keyof Handlers, (input: never) => unknown>>) =>
  createDispatch(handlers as unknown as Handlers)

async function refusal(method: string, input: unknown): Promise<LatchkeyError> {
  const error = await dispatchTo({})(method, input, caller).catch((thrown: unknown) => thrown)
  if (!(error instanceof LatchkeyError)) throw error
  expect(error.code).toBe('invalid_request')
  return error
}

const status = { state: 'unlocked', guards: ['passphrase'], reason: 'Protected.', remedy: null }

describe('dispatch', () => {
  it('gives a handler its checked input, with defaults, and the caller', async () => {
    const seen: unknown[] = []
    const dispatch = createDispatch({
      'activity.list': (...input: unknown[]) => {
        seen.push(...input)
        return []
      },
    } as unknown as Handlers)
    expect(await dispatch('activity.list', { account: 'practice:ada' }, caller)).toEqual([])
    expect(seen).toEqual([{ account: 'practice:ada', limit: 100 }, caller])
  })

  it('takes no input as an empty one', async () => {
    expect(await dispatchTo({ 'vault.status': () => status })('vault.status', undefined, caller)).toEqual(status)
  })

  it.each(['', 'accounts', 'constructor', '__proto__', 'toString', 'accounts.steal'])(
    'knows no method “%s”',
    async (method) => {
      expect((await refusal(method, {})).details.field).toBe('method')
    },
  )

  it.each([
    ['accounts.get', {}, 'account', '“account” is missing.'],
    ['accounts.get', { account: 7 }, 'account', '“account” must be text.'],
    ['accounts.get', null, 'account', '“account” is missing.'],
    ['accounts.get', { account: 'a', extra: 1 }, 'extra', '“extra” is not known here.'],
    ['connect.decide', { flow: 'f', choice: 'both' }, 'choice', '“choice” must be one of: add_account, discard.'],
    ['connect.start', {}, 'provider', 'Name exactly one of provider, registration or account.'],
    ['practice.configure', { access_token_lifetime: 1 }, 'access_token_lifetime', 'must be at least 2.'],
    ['requests.send', { account: 'a', request: { url: '/', headers: { a: 1 } } }, 'request.headers.a', /must be text/],
    ['vault.setup', { passphrase: 'short' }, 'passphrase', 'The passphrase needs at least 8 characters.'],
    ['accounts.get', 'text', undefined, 'The input must be an object.'],
  ])('%s names what is wrong with %j', async (method, input, field, message) => {
    const error = await refusal(method, input)
    expect(error.details.field).toBe(field)
    expect(error.message).toMatch(message)
  })

  it('never repeats a value that it refuses', async () => {
    const error = await refusal('vault.setup', { passphrase: 'canary', canary2: 'canary' })
    expect(JSON.stringify(error.toWire())).not.toContain('"canary"')
    expect(error.message).not.toMatch(/canary(?!2)/)
  })

  it('lets nothing out that the contract does not name', async () => {
    const dispatch = dispatchTo({
      'vault.status': () => ({ ...status, data_key: 'canary' }),
      'connect.get': () => ({}),
    })
    expect(await dispatch('vault.status', {}, caller)).toEqual(status)
  })

  it('lets no token out of a nested record either', async () => {
    const dispatch = dispatchTo({
      'accounts.inspect': () => ({
        account_id: 'acc_1',
        token_type: 'Bearer',
        scopes_requested: [],
        scopes_granted: [],
        tokens: [
          {
            kind: 'access_token',
            format: 'opaque',
            length: 6,
            fingerprint: '0123456789abcdef',
            header: null,
            claims: null,
            issued_at: null,
            expires_at: null,
            token: 'canary',
          },
        ],
      }),
    })
    expect(JSON.stringify(await dispatch('accounts.inspect', { account: 'a' }, caller))).not.toContain('canary')
  })

  it('names the field, and no value, when a handler breaks the contract', async () => {
    const dispatch = dispatchTo({ 'vault.status': () => ({ ...status, state: 'canary' }) })
    const error = await dispatch('vault.status', {}, caller).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(LatchkeyError)
    expect(String(error)).toContain('state')
    expect(String(error)).not.toContain('canary')
  })

  it('passes on what a handler throws', async () => {
    const thrown = new LatchkeyError('locked', 'The vault is locked.')
    const dispatch = dispatchTo({
      'accounts.list': () => {
        throw thrown
      },
    })
    await expect(dispatch('accounts.list', {}, caller)).rejects.toBe(thrown)
  })
})
