import { once } from 'node:events'
import open from 'open'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Browser } from './ports.ts'

/**
 * The system browser of the headless host. Only https, and http on loopback, are ever handed to it. On a machine with
 * no display it rejects at once: xdg-open would start a text browser inside the host's own terminal.
 */
export function systemBrowser(env: NodeJS.ProcessEnv = process.env, platform = process.platform): Browser {
  return {
    async open(url) {
      assertOpenable(url)
      const hasDisplay = platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY || env.BROWSER
      if (!hasDisplay) throw new LatchkeyError('internal', 'This machine has no display to open a browser on.')
      try {
        const child = await open(url)
        // xdg-open tells by its exit code, soon, that there is no browser; a browser that runs on is a success.
        const [code] = await Promise.race([
          once(child, 'exit'),
          new Promise<[number]>((done) => setTimeout(done, 1500, [0])),
        ])
        if (code !== 0 && code !== null) throw new Error(`the opener ended with ${code}`)
      } catch (error) {
        throw new LatchkeyError('internal', 'No browser could be opened on this machine.', {}, error)
      }
    },
  }
}

/** Throws unless `url` is one that may leave Latchkey for a browser. */
export function assertOpenable(url: string): void {
  const { protocol, hostname } = new URL(url)
  const loopback = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return
  throw new LatchkeyError('invalid_request', 'Only https addresses are opened in a browser.', { field: 'url' })
}
