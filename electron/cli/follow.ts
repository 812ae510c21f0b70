import readline from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Flow } from '../../shared/models.ts'
import { ask, canAsk } from './ask.ts'
import { Interrupted } from './errors.ts'
import type { Session } from './session.ts'
import { line } from './text.ts'
import { connectToHost } from './transport.ts'
import { flowWords } from './words.ts'

/** Milliseconds between two looks at a flow: quick for a person, nothing for the host. */
const interval = 250
const ended = (flow: Flow) => ['completed', 'failed', 'cancelled'].includes(flow.state)

/**
 * Follows a sign-in to its end: says what happens, takes an address that is pasted, asks what to do when somebody else
 * has signed in. Ctrl+C cancels the flow and throws `Interrupted`.
 */
export async function followFlow(started: Flow, session: Session): Promise<Flow> {
  const stop = new AbortController()
  const signal = AbortSignal.any([session.io.signal, stop.signal])
  let paste = takesPaste(started, session) ? listenForPaste(started, session, () => stop.abort()) : null
  let flow = started
  let said: Flow['state'] | null = null
  let steps = 0
  try {
    for (;;) {
      if (!ended(flow)) {
        // What went wrong on the way and did not end it, such as a browser that could not be opened.
        for (const step of flow.steps.slice(steps)) if (!step.ok) session.note(line(step.text))
        steps = flow.steps.length
      }
      if (flow.state !== said) {
        said = flow.state
        if (!ended(flow)) session.note(flowWords[flow.state])
        paste?.prompt()
      }
      if (ended(flow)) return flow
      if (flow.state === 'needs_decision') {
        // Two readers of one terminal would take each other's keys.
        paste?.close()
        paste = null
        flow = await decide(flow, session, signal)
        continue
      }
      await wait(interval, undefined, { signal })
      flow = await session.client.flow(flow.id)
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof Interrupted)) throw error
    await cancelAfterInterrupt(flow, session)
    throw new Interrupted()
  } finally {
    paste?.close()
  }
}

/**
 * With a terminal also where the browser should bring the answer by itself: over ssh it never arrives. A flow without a
 * redirect URI takes no address.
 */
const takesPaste = (flow: Flow, session: Session) =>
  flow.redirect_uri !== null && (flow.via === 'paste' || (flow.via === 'browser' && canAsk(session.io)))

/** Every line on standard input is the address that the provider redirected to. A wrong one changes nothing. */
function listenForPaste(flow: Flow, session: Session, interrupt: () => void) {
  const { stdin, stderr } = session.io
  const terminal = canAsk(session.io)
  // Raw mode, because a terminal in line mode cuts a pasted line at 4095 characters.
  const lines = readline.createInterface({
    input: stdin,
    ...(terminal ? { output: stderr } : {}),
    terminal,
    historySize: 0,
  })
  const ready =
    flow.via === 'paste' ? 'Then paste the address that you end on: ' : 'Or paste the address that you end on: '
  const prompt = () => {
    if (!terminal) return
    lines.setPrompt(ready)
    lines.prompt()
  }
  lines.on('SIGINT', interrupt)
  lines.on('line', (typed) => {
    const url = typed.trim()
    if (url === '') return prompt()
    session.client.answer(flow.id, url).catch((error: unknown) => {
      session.note(`latchkey: ${error instanceof LatchkeyError ? line(error.message) : String(error)}`)
      prompt()
    })
  })
  return { prompt, close: () => lines.close() }
}

/** Nothing is overwritten without a person who says so: without a terminal the new sign-in is discarded. */
async function decide(flow: Flow, session: Session, signal: AbortSignal): Promise<Flow> {
  const { expected, found } = flow.decision ?? { expected: 'somebody else', found: 'you' }
  session.note(`This account belongs to ${line(expected)}, but ${line(found)} signed in.`)
  const add =
    canAsk(session.io) && /^y(es)?$/i.test(await ask(session.io, `Add ${line(found)} as an account? [y/N] `, signal))
  if (!add) session.note('The sign-in is discarded; nothing changes.')
  return session.client.decide(flow.id, add ? 'add_account' : 'discard')
}

/** The session's own connection ended with the interrupt, so that this takes another. */
async function cancelAfterInterrupt(flow: Flow, session: Session): Promise<void> {
  const host = connectToHost(session.paths, AbortSignal.timeout(3_000))
  try {
    await host.client.cancel(flow.id)
    session.note('\nThe sign-in is cancelled.')
  } catch {
    session.note('\nThe sign-in could not be cancelled; it ends by itself.')
  } finally {
    await host.close()
  }
}
