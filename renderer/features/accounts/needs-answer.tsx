import { useAsks } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Mark } from '../../components/mark.tsx'
import { useNow } from '../../components/now.ts'
import { plainLine } from '../../components/plain-text.ts'
import { t } from '../../texts.ts'
import { waitingAsks } from '../apps/waiting.ts'
import './accounts.css'

/** Programs that wait for an answer, before everything else: they stand still until there is one. */
export function NeedsAnswer() {
  const texts = t.apps
  const now = useNow('slow')
  const asks = waitingAsks(useAsks().data ?? [], now)
  if (asks.length === 0) return null
  return (
    <section aria-labelledby="needs-answer" className="needs">
      <h2 id="needs-answer" className="section-title">
        {texts.asking}
        <span className="needs-count">{asks.length}</span>
      </h2>
      <ul className="card needs-card">
        {asks.map((ask) => {
          const name = plainLine(ask.name)
          return (
            <li key={ask.id} className="need">
              <Mark id={ask.app_id ?? ask.name} name={name} />
              <div className="need-text">
                <a href={href(paths.ask(ask.id))} className="need-name clip" dir="auto" title={name}>
                  {name}
                </a>
                <p className="need-why clip" dir="auto">
                  {plainLine(ask.purpose)}
                </p>
              </div>
              <code className="muted small need-code">{ask.code}</code>
              <a href={href(paths.ask(ask.id))} className="button plain m" aria-label={`${texts.answer}: ${name}`}>
                <span className="button-text">{texts.answer}</span>
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
