import { AppWindow, SearchX } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { App } from '../../../shared/contract-apps.ts'
import { useAccounts, useApps, useAsks, useInfo } from '../../app/queries.ts'
import { paths } from '../../app/routes.ts'
import { Button } from '../../components/button.tsx'
import { CopyLine } from '../../components/copy.tsx'
import { Bone, Empty } from '../../components/empty.tsx'
import { SearchField } from '../../components/field.tsx'
import { ErrorNote } from '../../components/note.tsx'
import { useNow } from '../../components/now.ts'
import { t } from '../../texts.ts'
import { WindowList } from '../accounts/window-list.tsx'
import { AppRow } from './app-row.tsx'
import { AskSheet } from './ask-sheet.tsx'
import { Asks, Decided } from './asks.tsx'
import { waitingAsks } from './waiting.ts'
import '../accounts/accounts.css'
import './apps.css'

/** From here on the list can be searched; below it, everything is in view anyway. */
const many = 7

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Active ones first, then by name. */
export const sortApps = (apps: readonly App[]): App[] =>
  [...apps].sort(
    (a, b) => Number(a.state === 'expired') - Number(b.state === 'expired') || names.compare(a.name, b.name),
  )

function List({ apps }: { apps: App[] }) {
  const texts = t.apps
  const accounts = useAccounts().data
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search.trim().toLocaleLowerCase())
  const byId = useMemo(() => new Map(accounts?.map((account) => [account.id, account])), [accounts])
  const rows = useMemo(
    () =>
      sortApps(apps).map((app) => {
        const ids = new Set(app.permissions.map(({ account_id }) => account_id))
        return { app, accounts: [...ids].flatMap((id) => byId.get(id ?? '') ?? []) }
      }),
    [apps, byId],
  )
  const found = rows.filter(({ app, accounts: used }) => {
    const text = [app.name, app.purpose, ...used.map(({ alias }) => alias)].join('\n').toLocaleLowerCase()
    return words.split(/\s+/).every((word) => text.includes(word))
  })
  return (
    <section aria-labelledby="paired">
      <div className="row between apps-tools">
        <h2 id="paired" className="section-title">
          {texts.paired}
          <span className="faint numbers">{found.length.toLocaleString()}</span>
        </h2>
        {apps.length >= many && <SearchField label={texts.search} value={search} onChange={setSearch} />}
      </div>
      <div className="card accounts-card">
        {found.length > 0 ? (
          <WindowList
            label={texts.paired}
            items={found}
            idOf={({ app }) => app.id}
            rowHeight={64}
            render={({ app, accounts: used }) => <AppRow app={app} accounts={used} />}
          />
        ) : (
          <Empty icon={SearchX} title={texts.none}>
            <Button onPress={() => setSearch('')}>{texts.clear}</Button>
          </Empty>
        )}
      </div>
    </section>
  )
}

/** How a program comes in, where none has yet. */
function Teach() {
  const texts = t.apps.empty
  const http = useInfo().data?.http ?? null
  const { name, purpose } = texts.example
  const cli = `latchkey pair request '${name}' --purpose '${purpose}'`
  const body = JSON.stringify({ name, purpose })
  return (
    <section className="card teach" aria-labelledby="teach">
      <span className="empty-icon">
        <AppWindow size={22} aria-hidden />
      </span>
      <h2 id="teach">{texts.title}</h2>
      <ol className="teach-steps">
        {texts.text.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
      {http !== null && (
        <div className="stack teach-try">
          <p className="muted small">{texts.try}</p>
          <CopyLine text={cli} label={texts.command} />
          <p className="muted small">{texts.commandOr}</p>
          <CopyLine
            text={`curl -sS ${http}/v1/pair -H 'Content-Type: application/json' -d '${body}'`}
            label={texts.command}
          />
        </div>
      )}
    </section>
  )
}

/** The programs that may use accounts, and those that ask. `ask`: the one whose sheet is open. */
export function Apps({ ask }: { ask: string | null }) {
  const texts = t.apps
  const [, navigate] = useLocation()
  const now = useNow('slow')
  const apps = useApps()
  const asks = useAsks()
  const waiting = waitingAsks(asks.data ?? [], now)
  const decided = (asks.data ?? []).filter((it) => !waiting.includes(it))
  return (
    <div className="page">
      <header className="page-head">
        <div className="titles">
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
        </div>
      </header>
      {apps.isError && !apps.data && (
        <ErrorNote
          title={texts.failed}
          error={apps.error}
          actions={
            <Button size="s" onPress={() => void apps.refetch()}>
              {t.common.retry}
            </Button>
          }
        />
      )}
      {(apps.isPending || asks.isPending) && (
        <div className="stack" role="status" aria-label={t.common.loading}>
          <Bone width={90} />
          <Bone height={192} />
        </div>
      )}
      <p role="status" className="hidden-text">
        {waiting.length > 0 ? texts.waitingCount(waiting.length) : ''}
      </p>
      {waiting.length > 0 && <Asks asks={waiting} />}
      {apps.data && asks.data && (apps.data.length > 0 ? <List apps={apps.data} /> : <Teach />)}
      {asks.data && <Decided asks={decided} />}
      {ask !== null && <AskSheet key={ask} reference={ask} onClose={() => navigate(paths.apps)} />}
    </div>
  )
}
