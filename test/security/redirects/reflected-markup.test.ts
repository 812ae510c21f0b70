import { expect, it } from 'vitest'
import { eagerListener } from './listener.ts'

/** Markup in the answer's parameters is meant to run in the page that Latchkey shows. */
it('repeats nothing of the request in its page', async () => {
  const listener = await eagerListener()
  try {
    const markup = encodeURIComponent('<script>alert("canary")</script>')
    const response = await fetch(`${listener.redirectUri}?error=${markup}&error_description=${markup}&state=${markup}`)
    const html = await response.text()
    expect(html).not.toContain('canary')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  } finally {
    await listener.close()
  }
})
