import { CornerDownLeft, LoaderCircle } from 'lucide-react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import type { SignedAnswer } from '../../../shared/models.ts'
import { useInfo } from '../../app/queries.ts'
import { CopyButton } from '../../components/copy.tsx'
import { Empty } from '../../components/empty.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { bytes } from '../../components/time-text.ts'
import { t } from '../../texts.ts'
import type { Sent } from './history.tsx'
import { curlFor, formatted } from './request-draft.ts'

/** More than this makes the page slow and helps nobody. */
const shownAtMost = 200_000

export function statusTone(status: number): 'good' | 'soon' | 'bad' | 'calm' {
  if (status >= 500) return 'bad'
  if (status >= 400) return 'bad'
  if (status >= 300) return 'soon'
  return status >= 200 ? 'good' : 'calm'
}

const sizeOf = (answer: SignedAnswer) =>
  answer.body === null
    ? Math.floor(((answer.body_base64 ?? '').length * 3) / 4)
    : new TextEncoder().encode(answer.body).length

function Body({ answer }: { answer: SignedAnswer }) {
  const texts = t.playground
  if (answer.body_base64) return <p className="muted answer-note">{texts.binary(bytes(sizeOf(answer)))}</p>
  if (!answer.body) return <p className="muted answer-note">{texts.emptyBody}</p>
  const { text } = formatted(answer.body, answer.headers['content-type'] ?? '')
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there */}
      <section className="answer-body" tabIndex={0} aria-label={texts.bodyTab}>
        <pre>{text.slice(0, shownAtMost)}</pre>
      </section>
      {text.length > shownAtMost && <p className="faint small answer-note">{texts.truncated}</p>}
    </>
  )
}

function Answered({ answer }: { answer: SignedAnswer }) {
  const texts = t.playground
  const headers = Object.entries(answer.headers)
  return (
    <>
      <div className="answer-line">
        <span className={`chip ${statusTone(answer.status)} answer-status`}>
          {answer.status} {answer.status_text}
        </span>
        <span className="numbers">{texts.took(answer.duration_ms)}</span>
        <span className="numbers">{bytes(sizeOf(answer))}</span>
        <span>{answer.refreshed ? texts.refreshed : texts.notRefreshed}</span>
      </div>
      <Tabs className="answer-tabs">
        <TabList aria-label={texts.answer} className="tab-list">
          <Tab id="body" className="tab">
            {texts.bodyTab}
          </Tab>
          <Tab id="headers" className="tab">
            {texts.headersTab(headers.length)}
          </Tab>
        </TabList>
        <TabPanel id="body" className="tab-panel">
          <Body answer={answer} />
        </TabPanel>
        <TabPanel id="headers" className="tab-panel">
          <dl className="answer-headers">
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="break">{value}</dd>
              </div>
            ))}
          </dl>
        </TabPanel>
      </Tabs>
    </>
  )
}

/** What came back: status, time, size, body, headers; and the same as a command. */
export function Answer({ sent, pending }: { sent: Sent | null; pending: boolean }) {
  const texts = t.playground
  const info = useInfo().data
  const curl = sent && info?.http ? curlFor(sent.draft, { http: info.http, profile: info.profile }) : null
  return (
    <section className="card answer" aria-labelledby="answer" aria-busy={pending}>
      <header className="answer-head">
        <h2 id="answer">{texts.answer}</h2>
        {pending && <LoaderCircle size={16} className="spin faint" aria-hidden />}
        {sent && (
          <span className="answer-curl" title={curl ? texts.curlHelp : texts.curlOff}>
            <CopyButton text={curl ?? ''} isDisabled={curl === null}>
              {texts.curl}
            </CopyButton>
          </span>
        )}
      </header>
      <div aria-live="polite" className="answer-main">
        {!sent && (
          <Empty icon={CornerDownLeft} title={texts.noAnswer}>
            <p>{texts.noAnswerHint}</p>
          </Empty>
        )}
        {sent?.error ? <ErrorNote error={sent.error} /> : null}
        {sent?.answer && <Answered key={sent.at} answer={sent.answer} />}
      </div>
    </section>
  )
}
