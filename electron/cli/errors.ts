import { type ErrorAction, exitCode, LatchkeyError, type WireError } from '../../shared/errors.ts'

/**
 * What the command line adds to the API's errors: nobody to talk to, and a person who pressed Ctrl+C. Exit codes:
 * 0 fine · 1 unexpected · 2 usage · 3 sign-in needed · 4 not allowed · 5 locked · 6 not running · 7 provider trouble ·
 * 130 interrupted.
 */
export type CliErrorDocument = Omit<WireError, 'code'> & { code: WireError['code'] | 'not_running' | 'interrupted' }

/** The command line was not understood, or needs something it was not given. */
export class UsageError extends LatchkeyError {
  constructor(message: string, action?: ErrorAction) {
    super('invalid_request', message, action ? { action } : {})
    this.name = 'UsageError'
  }
}

/** Nobody answers for this profile. */
export class NotRunning extends Error {
  constructor(reason: string) {
    super(`${reason} Open the app, or start the headless host: latchkey serve`)
    this.name = 'NotRunning'
  }
}

/** The person pressed Ctrl+C. */
export class Interrupted extends Error {
  constructor() {
    super('Stopped.')
    this.name = 'Interrupted'
  }
}

/** An error as `{"error": …}` on standard error, and the exit code that goes with it. */
export function describe(error: unknown): { document: CliErrorDocument; exit: number } {
  if (error instanceof NotRunning) {
    const action = { text: 'Start the headless host.', command: 'latchkey serve' }
    return { document: { code: 'not_running', message: error.message, action }, exit: 6 }
  }
  if (error instanceof Interrupted) return { document: { code: 'interrupted', message: error.message }, exit: 130 }
  if (error instanceof LatchkeyError) return { document: error.toWire(), exit: exitCode[error.code] }
  // The command line holds no secret in its own errors; a file that cannot be read says best itself what is wrong.
  return { document: { code: 'internal', message: error instanceof Error ? error.message : String(error) }, exit: 1 }
}
