import { LatchkeyError, toWireError, type WireError } from './errors.ts'

/** The envelope of every answer over IPC: an error is a value there, because a thrown one loses its code. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: WireError }

/** Runs `work` and wraps what it gives or throws. */
export async function toResult<T>(work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error: toWireError(error) }
  }
}

/** The value of a result, or its error thrown as a `LatchkeyError`. */
export function fromResult<T>(result: Result<T>): T {
  if (result.ok) return result.value
  const { code, message, ...details } = result.error
  throw new LatchkeyError(code, message, details)
}
