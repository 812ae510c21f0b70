import { expect, it } from 'vitest'
import { grantFor } from '../../../electron/cli/grant.ts'
import type { Want } from '../../../shared/contract-apps.ts'

const want = (more: Partial<Want>): Want => ({
  account: 'practice:ada',
  account_id: 'acc_1',
  provider: null,
  rights: ['see', 'request'],
  hosts: [],
  methods: [],
  path_prefix: null,
  ...more,
})
const permission = (more: object) => ({
  account: 'acc_1',
  rights: ['see', 'request'],
  hosts: [],
  methods: [],
  path_prefix: null,
  until: null,
  ...more,
})

it('[F11] grants what was wanted, as narrow as it was wanted', () => {
  const narrow = want({ hosts: ['api.example'], methods: ['GET'], path_prefix: '/v1' })
  const { permissions, withheld } = grantFor({ wants: [narrow] }, [], {})
  expect(permissions).toEqual([permission({ hosts: ['api.example'], methods: ['GET'], path_prefix: '/v1' })])
  expect(withheld).toEqual([])
})

it('[F11] grants token and manage only when they are named', () => {
  const all = want({ rights: ['see', 'request', 'token', 'manage'] })
  const { permissions, withheld } = grantFor({ wants: [all] }, [], {})
  expect(permissions).toEqual([permission({})])
  expect(withheld).toEqual(['token', 'manage'])
  expect(grantFor({ wants: [all] }, [], { right: ['token', 'see'] })).toEqual({
    permissions: [permission({ rights: ['see', 'token'] })],
    withheld: [],
  })
  expect(() => grantFor({ wants: [want({ rights: ['token'] })] }, [], {})).toThrow('--right token')
})

it('gives a named right to nobody who did not want it, unless the account is named too', () => {
  const two = [want({}), want({ account: 'practice:grace', account_id: 'acc_2', rights: ['token'] })]
  expect(grantFor({ wants: two }, [], { right: ['token'] }).permissions).toEqual([
    permission({ account: 'acc_2', rights: ['token'] }),
  ])
  expect(() => grantFor({ wants: two }, [], { right: ['manage'] })).toThrow('did not ask for manage')
  expect(grantFor({ wants: two }, ['acc_1'], { right: ['manage'] }).permissions).toEqual([
    permission({ rights: ['manage'] }),
  ])
})

it('grants a named account alone, with what was wanted for it or for none in particular', () => {
  const two = [want({}), want({ account: 'practice:grace', account_id: 'acc_2', methods: ['GET'] })]
  expect(grantFor({ wants: two }, ['acc_2'], {}).permissions).toEqual([
    permission({ account: 'acc_2', methods: ['GET'] }),
  ])
  const open = [want({ account: 'my google', account_id: null, hosts: ['api.example'] })]
  expect(grantFor({ wants: open }, ['acc_1', 'acc_2'], {}).permissions).toEqual([
    permission({ account: 'acc_1', hosts: ['api.example'] }),
    permission({ account: 'acc_2', hosts: ['api.example'] }),
  ])
})

it('puts what the options say in the place of what was wanted', () => {
  const options = { host: ['b.example'], path: '/v2', until: '2027-01-01T00:00:00.000Z' }
  expect(grantFor({ wants: [want({ hosts: ['a.example'] })] }, [], options).permissions).toEqual([
    permission({ hosts: ['b.example'], path_prefix: '/v2', until: '2027-01-01T00:00:00.000Z' }),
  ])
})

it('asks for the account where none is meant, and takes none only for what the app connects itself', () => {
  expect(() => grantFor({ wants: [want({ account: 'google', account_id: null })] }, [], {})).toThrow('“google”')
  expect(() => grantFor({ wants: [want({ account: null, account_id: null })] }, [], {})).toThrow('names no account')
  const connects = want({ account: null, account_id: null, rights: ['connect', 'request'] })
  expect(grantFor({ wants: [connects] }, [], {}).permissions).toEqual([
    permission({ account: null, rights: ['request', 'connect'] }),
  ])
})

it('lets a program in that wants nothing yet, and grants it something only with account and right', () => {
  expect(grantFor({ wants: [] }, [], {})).toEqual({ permissions: [], withheld: [] })
  expect(() => grantFor({ wants: [] }, [], { right: ['see'] })).toThrow('--account')
  expect(() => grantFor({ wants: [] }, ['acc_1'], {})).toThrow('--right')
  expect(grantFor({ wants: [] }, ['acc_1'], { right: ['see'] }).permissions).toEqual([permission({ rights: ['see'] })])
})
