import { shell } from 'electron'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Browser } from '../platform/ports.ts'
import { isBrowserUrl } from './app-url.ts'

/**
 * The person's own browser. `openExternal` would start any program that has registered a scheme, so only web addresses
 * pass: https, and http on this machine.
 */
export function electronBrowser(): Browser {
  return {
    async open(url) {
      if (!isBrowserUrl(url)) {
        throw new LatchkeyError('internal', 'Only https addresses, and http on this machine, open in the browser.')
      }
      try {
        await shell.openExternal(url)
      } catch (error) {
        throw new LatchkeyError(
          'internal',
          'The system browser could not be opened.',
          { action: { text: 'Copy the address and open it yourself.' } },
          error,
        )
      }
    },
  }
}
