import { LatchkeyError } from '../../../../../shared/errors.ts'

/** What a person would be told; null when it worked. A failure that nobody has named is its own text. */
export function told(
  work: () => unknown,
): { code: string; message: string; action: string | undefined } | string | null {
  try {
    work()
    return null
  } catch (error) {
    if (!(error instanceof LatchkeyError)) return String(error)
    return { code: error.code, message: error.message, action: error.details.action?.text }
  }
}
