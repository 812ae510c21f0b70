import { ArrowLeft, CalendarClock, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { NotFound } from '../../app/not-found.tsx'
import { useApps, useAsks } from '../../app/queries.ts'
import { href, paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { CopyIcon } from '../../components/copy.tsx'
import { Bone } from '../../components/empty.tsx'
import { Facts } from '../../components/facts.tsx'
import { Mark } from '../../components/mark.tsx'
import { ActionMenu } from '../../components/menu.tsx'
import { ErrorNote, Note } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { plainLine } from '../../components/plain-text.ts'
import { Moment } from '../../components/time.tsx'
import { t } from '../../texts.ts'
import { Recent } from '../activity/recent.tsx'
import { AppPermissions } from './app-permissions.tsx'
import { AppQuestions, type AskedOfApp } from './app-questions.tsx'
import { AppState } from './app-row.tsx'
import { Caller } from './caller.tsx'
import { waitingAsks } from './waiting.ts'
import '../providers/providers.css'
import '../account/account.css'
import './apps.css'

/** One app: what it is, what it may do, what it did, and everything that can be done about it. */
export function AppPage({ id }: { id: string }) {
  const texts = t.apps.app
  const now = useNow('slow')
  const apps = useApps()
  const asks = useAsks().data ?? []
  const [asked, ask] = useState<AskedOfApp | null>(null)
  const app = apps.data?.find((it) => it.id === id)
  if (apps.isError && !apps.data) {
    return (
      <div className="page">
        <ErrorNote error={apps.error} />
      </div>
    )
  }
  if (!apps.data) {
    return (
      <div className="page stack" role="status" aria-label={t.common.loading}>
        <Bone width={80} />
        <Bone height={56} />
        <Bone height={240} />
      </div>
    )
  }
  if (!app) return <NotFound title={texts.notFound} text={texts.notFoundText} />
  const waiting = waitingAsks(asks, now).filter((it) => it.app_id === app.id)
  return (
    <div className="page">
      <a href={href(paths.apps)} className="back">
        <ArrowLeft size={14} aria-hidden /> {t.apps.title}
      </a>
      <header className="page-head account-head">
        <Mark id={app.id} name={plainLine(app.name)} size={48} />
        <div className="titles">
          <h1 className="break" dir="auto">
            {plainLine(app.name)}
          </h1>
          <p className="break" dir="auto">
            {plainLine(app.purpose)}
          </p>
        </div>
        <div className="row">
          <Button icon={Trash2} onPress={() => ask('revoke')}>
            {texts.revoke}
          </Button>
          <ActionMenu
            label={texts.menu}
            icon={Ellipsis}
            groups={[
              [
                { id: 'rename', text: texts.rename, icon: Pencil, run: () => ask('rename') },
                { id: 'ending', text: texts.ending, icon: CalendarClock, run: () => ask('ending') },
              ],
            ]}
          />
        </div>
      </header>
      <div className="account-status stack" aria-live="polite">
        {app.state === 'active' ? (
          <div className="status-line">
            <AppState app={app} />
            {app.reason && <span className="muted">{app.reason}</span>}
          </div>
        ) : (
          <Note
            tone="soon"
            title={t.apps.states.expired}
            actions={
              <Button size="s" onPress={() => ask('ending')}>
                {texts.endingChange}
              </Button>
            }
          >
            <p className="break">{app.reason ?? texts.endingText}</p>
          </Note>
        )}
        {waiting.map((it) => (
          <Note
            key={it.id}
            tone="bad"
            title={`${plainLine(app.name)} ${t.apps.ask[it.kind]}`}
            actions={
              <a href={href(paths.ask(it.id))} className="button plain s">
                <span className="button-text">{t.apps.ask.look}</span>
              </a>
            }
          />
        ))}
      </div>
      <div className="provider-columns">
        <div className="stack gap">
          <AppPermissions app={app} />
          <Recent
            title={texts.activity}
            filter={{ app: app.id }}
            none={texts.activityNone}
            all={paths.activityOfApp(app.id)}
          />
        </div>
        <div className="stack gap">
          <section className="card pad stack" aria-labelledby="facts">
            <h2 id="facts">{texts.facts}</h2>
            <Facts
              facts={[
                { name: texts.created, value: <Moment at={app.created_at} /> },
                { name: t.apps.lastUsed, value: <Moment at={app.last_used_at} none={t.apps.neverUsed} /> },
                { name: t.apps.ends, value: <Moment at={app.expires_at} none={t.apps.noEnd} /> },
                app.idle_days === null ? null : { name: texts.idle, value: t.apps.fields.idles.days(app.idle_days) },
                {
                  name: texts.id,
                  value: (
                    <span className="row">
                      <code className="break">{app.id}</code>
                      <CopyIcon text={app.id} label={`${t.common.copy}: ${texts.id}`} />
                    </span>
                  ),
                },
              ]}
            />
          </section>
          <section className="card pad stack" aria-labelledby="caller">
            <h2 id="caller">{texts.caller}</h2>
            <Caller caller={app.caller} silent={texts.callerSilent} />
            {app.caller !== null && <p className="faint small">{texts.callerHelp}</p>}
          </section>
        </div>
      </div>
      <AppQuestions app={app} asked={asked} onClose={() => ask(null)} />
    </div>
  )
}
