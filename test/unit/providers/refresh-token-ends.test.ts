import { expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'

const day = 86_400
const catalogue = loadCatalogue()

it('Google ends refresh tokens of an app in testing after 7 days, others after six months without use', () => {
  const ends = catalogue.get('google').refresh_token
  expect(ends).toMatchObject({ rotates: false, idle_lifetime: 180 * day })
  expect(ends).not.toHaveProperty('lifetime')
  expect(ends?.conditional).toEqual([{ when: expect.stringContaining('Testing'), lifetime: 7 * day }])
})

it.each([
  ['spotify', 180 * day],
  ['linkedin', 365 * day],
])('%s ends them a fixed time after the consent', (id, lifetime) => {
  const ends = catalogue.get(id).refresh_token
  expect(ends?.lifetime).toBe(lifetime)
  expect(ends).not.toHaveProperty('idle_lifetime')
  // Nobody documents whether these are replaced: what is not known is absent.
  expect(ends).not.toHaveProperty('rotates')
})

it('Atlassian ends them when idle and absolutely, and replaces them', () => {
  expect(catalogue.get('atlassian').refresh_token).toEqual({
    needs: 'offline_access',
    rotates: true,
    lifetime: 365 * day,
    idle_lifetime: 90 * day,
  })
})
