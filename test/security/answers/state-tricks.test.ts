import { expect, it } from 'vitest'
import { askedForTokens, refusal, victim } from './support.ts'

it.each([
  ['missing', (url: URL) => url.searchParams.delete('state'), 'state_mismatch'],
  ['empty', (url: URL) => url.searchParams.set('state', ''), 'state_mismatch'],
  ['another one', (url: URL) => url.searchParams.set('state', 'x'.repeat(43)), 'state_mismatch'],
  ['given twice', (url: URL) => url.searchParams.append('state', 'second'), 'duplicate_parameter'],
  [
    'in other letters',
    (url: URL) => url.searchParams.set('state', (url.searchParams.get('state') ?? '').toUpperCase()),
    'state_mismatch',
  ],
  ['only in the fragment', toFragment, 'state_mismatch'],
] as const)('[F1] a state that is %s', async (_what, tamper, expected) => {
  const { server, answer, finish } = await victim()
  const url = await answer()
  tamper(url)
  expect(await refusal(finish(url))).toMatchObject({ failure: expected })
  expect(askedForTokens(server)).toBe(false)
})

function toFragment(url: URL): void {
  url.hash = `state=${url.searchParams.get('state')}`
  url.searchParams.delete('state')
}
