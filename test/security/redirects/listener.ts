import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'

/** A listener that would take anything which reaches it, and counts what did. */
export async function eagerListener(host: '127.0.0.1' | 'localhost' = '127.0.0.1') {
  const reached: string[] = []
  const listener = await loopbackRedirects().listen({
    providerId: 'practice',
    host,
    port: null,
    accept: (url) => {
      reached.push(url.href)
      return true
    },
  })
  return { ...listener, reached }
}
