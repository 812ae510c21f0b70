import type { CallerFacts } from '../../../shared/contract-apps.ts'
import { type Fact, Facts } from '../../components/facts.tsx'
import { plainLine } from '../../components/plain-text.ts'
import { t } from '../../texts.ts'

const mono = (text: string) => <code className="break">{plainLine(text)}</code>

/** What the operating system says about a program: nothing of it comes from the program's own words. */
export function callerFacts(caller: CallerFacts): (Fact | null)[] {
  const texts = t.apps.caller
  const process = [caller.process, caller.pid === null ? null : texts.pid(caller.pid)].filter((it) => it !== null)
  return [
    process.length > 0 ? { name: texts.process, value: plainLine(process.join(', ')) } : null,
    caller.executable === null ? null : { name: texts.executable, value: mono(caller.executable) },
    caller.script === null ? null : { name: texts.script, value: mono(caller.script) },
    caller.user === null ? null : { name: texts.user, value: plainLine(caller.user) },
    caller.started_by.length === 0
      ? null
      : { name: texts.startedBy, value: caller.started_by.map(plainLine).join(' ← ') },
    { name: texts.transport, value: texts.transports[caller.transport] },
  ]
}

/** True when the system could tell which program it is, not only where the call came in. */
export const isKnown = (caller: CallerFacts | null): caller is CallerFacts =>
  caller !== null && (caller.process !== null || caller.executable !== null || caller.script !== null)

/** `silent`: said where the system could not tell. */
export function Caller({ caller, silent }: { caller: CallerFacts | null; silent: string }) {
  return (
    <>
      {!isKnown(caller) && <p className="muted small">{silent}</p>}
      {caller !== null && <Facts facts={callerFacts(caller)} />}
    </>
  )
}
