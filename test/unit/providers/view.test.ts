import { expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { providerView } from '../../../electron/providers/view.ts'
import { providerSchema } from '../../../shared/models.ts'

const catalogue = loadCatalogue()

it.each(catalogue.list())('$id is shown in the shape that page, API and command line agree on', (definition) => {
  const view = providerView(definition)
  expect(providerSchema.strict().parse(view)).toEqual(view)
})

it('shows what to enter at the provider', () => {
  expect(providerView(catalogue.get('github')).redirect_uri).toBe('http://127.0.0.1/callback/github')
  expect(providerView(catalogue.get('microsoft')).redirect_uri).toBe('http://localhost/callback/microsoft')
  const fixed = { ...catalogue.get('github'), redirect: { host: '127.0.0.1' as const, port: 8123 } }
  expect(providerView(fixed).redirect_uri).toBe('http://127.0.0.1:8123/callback/github')
})

it('keeps what scopes cover to itself', () => {
  expect(catalogue.get('github').scopes.some(({ covers }) => covers !== undefined)).toBe(true)
  expect(JSON.stringify(providerView(catalogue.get('github')))).not.toContain('covers')
})

it('asks nobody for what the practice provider brings itself', () => {
  const view = providerView(catalogue.get('practice'))
  expect(view.needs_registration).toBe(false)
  expect(view.variables).toEqual([])
  expect(providerView(catalogue.get('openid-connect')).variables.map(({ name }) => name)).toEqual([
    'issuer',
    'api_base_url',
  ])
})
