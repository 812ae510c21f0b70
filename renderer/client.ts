import type { Bridge, Input, Method, Output } from '../shared/contract.ts'
import { LatchkeyError, toWireError, type WireError } from '../shared/errors.ts'
import type { LatchkeyEvent } from '../shared/models.ts'
import { fromResult, type Result } from '../shared/result.ts'
import { askToEdit, isEditRefusal } from './edit-lock.ts'
import { type Connection, headlessConnection } from './headless-client.ts'

declare global {
  interface Window {
    latchkey?: Bridge
  }
}

function bridgeConnection(bridge: Bridge): Connection {
  return {
    call: (method, input) => bridge.call(method, input),
    onEvent: (listener) => bridge.onEvent((event) => listener(event as LatchkeyEvent)),
    // The main process lives exactly as long as the window.
    onState: () => () => undefined,
  }
}

let chosen: Connection | null = null

/** Where the answers come from: the preload script's bridge on the desktop, the host's own HTTP elsewhere. */
export function connection(): Connection {
  chosen ??= window.latchkey ? bridgeConnection(window.latchkey) : headlessConnection(window)
  return chosen
}

/** True for what `shared/result.ts` describes; anything else did not come from Latchkey. */
export function isResult(answer: unknown): answer is Result<unknown> {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false
  if (answer.ok === true) return 'value' in answer
  return answer.ok === false && 'error' in answer && typeof answer.error === 'object' && answer.error !== null
}

/** The value of an answer, or a `LatchkeyError` thrown: also for an answer that is no envelope. */
export function openEnvelope<T>(answer: unknown): T {
  if (!isResult(answer))
    throw new LatchkeyError('internal', 'Latchkey gave an answer that this page does not understand.')
  return fromResult(answer as Result<T>)
}

/**
 * Calls one method of the contract. Throws `LatchkeyError` with the code that the host gave. Where the passphrase is asked
 * for before a change, the person is asked, and the call is repeated once.
 */
export async function call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
  const send = async () => openEnvelope<Output<M>>(await connection().call(method, input))
  try {
    return await send()
  } catch (error) {
    if (!isEditRefusal(error) || !(await askToEdit())) throw error
    return await send()
  }
}

/** Any thrown value as what the page shows: code, sentence, field, way out. */
export function errorOf(error: unknown): WireError {
  return toWireError(error)
}
