import { useSyncExternalStore } from 'react'
import { Button } from 'react-aria-components/Button'
import type { SignedAnswer } from '../../../shared/models.ts'
import { errorOf } from '../../client.ts'
import { Hour } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { statusTone } from './answer.tsx'
import type { RequestDraft } from './request-draft.ts'

/** A request that was sent and what came of it. */
export interface Sent {
  at: string
  draft: RequestDraft
  alias: string
  answer: SignedAnswer | null
  error: unknown
}

/** In memory alone: bodies may be private. The last twenty. */
let entries: Sent[] = []
const listeners = new Set<() => void>()

function set(next: Sent[]): void {
  entries = next
  for (const listener of listeners) listener()
}

export const remember = (entry: Sent) => set([entry, ...entries].slice(0, 20))
export const forgetHistory = () => set([])

export function History({ chosen, onChoose }: { chosen: Sent | null; onChoose: (entry: Sent) => void }) {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => entries,
  )
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="section-title">
        {t.playground.history}
        <span className="faint history-help">{t.playground.historyHelp}</span>
      </h2>
      <ul className="card history">
        {shown.map((entry) => (
          <li key={entry.at}>
            <Button
              className="history-line"
              aria-current={entry === chosen ? 'true' : undefined}
              onPress={() => onChoose(entry)}
            >
              <span className={`chip ${entry.answer ? statusTone(entry.answer.status) : 'bad'}`}>
                {entry.answer ? entry.answer.status : errorOf(entry.error).code}
              </span>
              <span className="history-method">{entry.draft.method}</span>
              <span className="clip grow">{entry.draft.url}</span>
              <span className="faint small">
                <Hour at={entry.at} />
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
