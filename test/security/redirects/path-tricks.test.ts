import { expect, it } from 'vitest'
import { rawGet } from '../../integration/redirects/raw-request.ts'
import { eagerListener } from './listener.ts'

/** An answer is sent to an address that only looks like the redirect path once somebody has resolved it. */
it.each([
  '/callback/practice/?code=a',
  '/callback//practice?code=a',
  '//callback/practice?code=a',
  '/x/../callback/practice?code=a',
  '/callback/./practice?code=a',
  '/callback%2Fpractice?code=a',
  '/callback/%70ractice?code=a',
  '/Callback/practice?code=a',
  '/callback/practice;x?code=a',
  '/callback/practice%3Fcode=a',
  '/callback/practice2?code=a',
  '/callback/google?code=a',
  'http://evil.example/callback/practice?code=a',
  'http://127.0.0.1/callback/practice?code=a',
])('refuses %s', async (target) => {
  const listener = await eagerListener()
  try {
    const answer = await rawGet(listener.redirectUri, target)
    expect([answer.status, listener.reached]).toEqual([404, []])
  } finally {
    await listener.close()
  }
})
