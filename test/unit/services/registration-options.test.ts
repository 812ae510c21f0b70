import { expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { checkOptions } from '../../../electron/services/registration-options.ts'

const google = loadCatalogue().get('google')

it('leaves out what was left empty, but keeps an empty subject: it means an assertion without one', () => {
  expect(checkOptions({ resource: ' ', keyId: 'k1 ', assertion: { issuer: '', subject: '' } }, google)).toEqual({
    keyId: 'k1',
    assertion: { subject: '' },
  })
  expect(checkOptions({ assertion: { issuer: '', audience: ' ' } }, google)).toEqual({})
})
