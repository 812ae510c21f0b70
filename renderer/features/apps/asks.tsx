import { Check, Clock, X } from 'lucide-react'
import type { Ask } from '../../../shared/contract-apps.ts'
import { keys, useAccounts, useCall, useProviders } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { errorOf } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Disclose } from '../../components/disclose.tsx'
import { Mark } from '../../components/mark.tsx'
import { isolated, plainLine } from '../../components/plain-text.ts'
import { Moment } from '../../components/time.tsx'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'
import { Caller } from './caller.tsx'
import { wantText } from './want-text.ts'

/** The code in two halves, as large as it has to be to compare it. */
export function Code({ code }: { code: string }) {
  return (
    <p className="ask-code">
      <span className="hidden-text">{t.apps.ask.code}: </span>
      <bdi className="ask-code-text">{code}</bdi>
    </p>
  )
}

/** What the program claims and what the system says, side by side and never mixed. */
export function Witness({ ask }: { ask: Ask }) {
  const texts = t.apps.ask
  return (
    <div className="witness">
      <section className="witness-side" aria-label={texts.saysItself}>
        <h4>{texts.saysItself}</h4>
        <p className="witness-purpose break" dir="auto">
          {plainLine(ask.purpose)}
        </p>
        {ask.user_agent && (
          <p className="faint small break">
            {t.apps.caller.userAgent}: <bdi>{plainLine(ask.user_agent)}</bdi>
          </p>
        )}
        <p className="faint small">{texts.selfOnly}</p>
      </section>
      <section className="witness-side system" aria-label={texts.saysSystem}>
        <h4>{texts.saysSystem}</h4>
        <Caller caller={ask.caller} silent={texts.systemSilent[ask.kind]} />
      </section>
    </div>
  )
}

export function Wants({ ask }: { ask: Ask }) {
  const accounts = useAccounts().data ?? []
  const providers = useProviders().data ?? []
  const wants = [...new Set(ask.wants.map((want) => wantText(want, accounts, providers)))]
  return (
    <div>
      <h4>{t.apps.ask.wants}</h4>
      <ul className="wants">
        {(wants.length > 0 ? wants : [t.apps.ask.wantsNothing]).map((want) => (
          <li key={want} className="break">
            {want}
          </li>
        ))}
      </ul>
    </div>
  )
}

function AskCard({ ask }: { ask: Ask }) {
  const texts = t.apps.ask
  const name = plainLine(ask.name)
  const deny = useCall('asks.deny', [keys.asks, keys.activity])
  return (
    <li className="card ask">
      <div className="ask-head">
        <Mark id={ask.app_id ?? ask.name} name={name} />
        <div className="grow">
          <h3 className="break" dir="auto">
            {name}
          </h3>
          <p className="muted small">{texts[ask.kind]}</p>
        </div>
        <Code code={ask.code} />
      </div>
      <div className="ask-body">
        <Wants ask={ask} />
        <Witness ask={ask} />
      </div>
      <div className="ask-foot">
        <p className="faint small grow">
          {texts.times(ask.times)}
          {ask.times > 1 && (
            <>
              {', '}
              {texts.last} <Moment at={ask.last_at} />
            </>
          )}
          {' · '}
          {texts.ends} <Moment at={ask.expires_at} />
        </p>
        <Button
          isPending={deny.isPending}
          aria-label={`${texts.deny}: ${name}`}
          onPress={() =>
            deny.mutate(
              { ask: ask.id },
              {
                onSuccess: () => tell(texts.denied(isolated(name))),
                onError: (error) => tell(errorOf(error).message, 'bad'),
              },
            )
          }
        >
          {texts.deny}
        </Button>
        <a href={href(paths.ask(ask.id))} className="button primary m" aria-label={`${texts.approve} ${name}`}>
          <span className="button-text">{texts.approve}</span>
        </a>
      </div>
    </li>
  )
}

/** Who waits for an answer. */
export function Asks({ asks }: { asks: Ask[] }) {
  return (
    <section aria-labelledby="asks" className="asks">
      <h2 id="asks" className="section-title">
        {t.apps.needsYou}
        <span className="needs-count">{asks.length}</span>
      </h2>
      <ul className="stack gap">
        {asks.map((ask) => (
          <AskCard key={ask.id} ask={ask} />
        ))}
      </ul>
    </section>
  )
}

const signs = { approved: Check, denied: X, expired: Clock, waiting: Clock }

/** What was answered, or was not, within the last day. */
export function Decided({ asks }: { asks: Ask[] }) {
  if (asks.length === 0) return null
  return (
    <div className="decided">
      <Disclose title={t.apps.ask.decided} aside={String(asks.length)}>
        <ul className="card decided-list">
          {asks.map((ask) => {
            const Icon = signs[ask.state]
            return (
              <li key={ask.id}>
                <Icon size={15} aria-hidden className={`decided-sign ${ask.state}`} />
                <span className="grow clip" dir="auto" title={plainLine(ask.name)}>
                  {plainLine(ask.name)}
                </span>
                <code className="faint small">{ask.code}</code>
                <span className="muted small">{t.apps.ask.states[ask.state]}</span>
                <span className="faint small">
                  <Moment at={ask.last_at} />
                </span>
              </li>
            )
          })}
        </ul>
      </Disclose>
    </div>
  )
}
