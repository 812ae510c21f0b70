import { describe, expect, it } from 'vitest'
import { plainText } from '../../../electron/oauth/flow-failure.ts'

describe('the words of a provider', () => {
  it('keep their sense and lose what must not be shown', () => {
    const text = 'AADSTS70000:\r\nThe code abc123 was\u0000 bad. Trace ID: 4457d068-2a03-42b2-97f2-d55325289d86'
    expect(plainText(text, { secrets: ['abc123', null] }, 300)).toBe(
      'AADSTS70000: The code … was bad. Trace ID: 4457d068-2a03-42b2-97f2-d55325289d86',
    )
  })

  it('lose anything that may be a token, and do not go on for ever', () => {
    expect(plainText(`bad ${'x'.repeat(40)}!`, { secrets: [] }, 300)).toBe('bad …!')
    expect(plainText('word '.repeat(100), { secrets: [] }, 20)).toHaveLength(21)
  })
})
