import type { DoctorCheck } from '../../../shared/contract-vault.ts'
import type { Logger } from '../../platform/ports.ts'
import { type Check, type Finding, warning } from './check.ts'

/** Milliseconds that one check may take. */
const usualLimit = 15_000

/**
 * Runs all checks at the same time. One that takes too long or fails is told as such and keeps none of the others up.
 * Whoever asks while they run gets the same answer.
 *
 * @param checks Made anew for each run, so that what several of them look at is looked at once.
 */
export function createDoctor(parts: {
  checks: () => Check[]
  logger: Logger
  limit?: number
}): () => Promise<DoctorCheck[]> {
  const limit = parts.limit ?? usualLimit
  let running: Promise<DoctorCheck[]> | null = null

  const run = async ({ id, title, run }: Check): Promise<DoctorCheck> => {
    const stop = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(
        () => resolve(warning('This took too long to find out.', 'Try again when less is going on.')),
        limit,
      )
    })
    try {
      return { id, title, ...(await Promise.race([run(stop.signal), late])) }
    } catch (error) {
      parts.logger.warn('A check of the doctor failed.', { check: id, error })
      return { id, title, ...warning('This could not be found out.', 'Try again; the log names the cause.') }
    } finally {
      clearTimeout(timer)
      stop.abort()
    }
  }

  return () => {
    running ??= Promise.all(parts.checks().map(run)).finally(() => {
      running = null
    })
    return running
  }
}
