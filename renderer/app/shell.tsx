import { useEffect, useRef, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { Account } from '../features/account/account.tsx'
import { Accounts } from '../features/accounts/accounts.tsx'
import { Activity } from '../features/activity/activity.tsx'
import { AppPage } from '../features/apps/app.tsx'
import { Apps } from '../features/apps/apps.tsx'
import { useAskNews } from '../features/apps/ask-news.ts'
import { ConnectProvider } from '../features/connect/connect.tsx'
import { Playground } from '../features/playground/playground.tsx'
import { EditProvider } from '../features/provider-edit/edit-provider.tsx'
import { NewProvider } from '../features/provider-edit/new-provider.tsx'
import { Provider } from '../features/providers/provider.tsx'
import { Providers } from '../features/providers/providers.tsx'
import { Settings } from '../features/settings/settings.tsx'
import { EditQuestion } from '../features/vault/edit-question.tsx'
import { MemoryWarning } from '../features/vault/memory-warning.tsx'
import { VaultPage } from '../features/vault/vault-page.tsx'
import { Webhook } from '../features/webhooks/webhook.tsx'
import { Webhooks } from '../features/webhooks/webhooks.tsx'
import { t } from '../texts.ts'
import { useReachable } from './events.ts'
import { NotFound } from './not-found.tsx'
import { Palette } from './palette.tsx'
import { Rail } from './rail.tsx'
import { placeOf } from './routes.ts'
import './shell.css'

const decoded = (part: string | undefined): string => {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    return part ?? ''
  }
}

function Places() {
  return (
    <Switch>
      <Route path="/">
        <Accounts />
      </Route>
      <Route path="/accounts/:id/:tab?">
        {({ id, tab }) => <Account key={id} id={decoded(id)} tab={tab ?? 'overview'} />}
      </Route>
      <Route path="/providers">
        <Providers />
      </Route>
      <Route path="/providers/_new">
        <NewProvider />
      </Route>
      <Route path="/providers/_edit/:id">{({ id }) => <EditProvider key={id} id={decoded(id)} />}</Route>
      <Route path="/providers/:id">{({ id }) => <Provider key={id} id={decoded(id)} />}</Route>
      <Route path="/apps/:id?/:ask?">
        {({ id, ask }) =>
          id === undefined || id === 'asks' ? (
            <Apps ask={ask === undefined ? null : decoded(ask)} />
          ) : (
            <AppPage key={id} id={decoded(id)} />
          )
        }
      </Route>
      <Route path="/webhooks">
        <Webhooks />
      </Route>
      <Route path="/webhooks/:id">{({ id }) => <Webhook key={id} id={decoded(id)} />}</Route>
      <Route path="/activity/:account?/:app?">
        {({ account, app }) => (
          <Activity
            account={account === undefined || account === '_' ? null : decoded(account)}
            app={app === undefined ? null : decoded(app)}
          />
        )}
      </Route>
      <Route path="/playground/:account?">
        {({ account }) => <Playground account={account === undefined ? null : decoded(account)} />}
      </Route>
      <Route path="/settings">
        <Settings />
      </Route>
      <Route path="/settings/vault">
        <VaultPage />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** The open house: rail, place, palette. */
export function Shell() {
  const [location] = useLocation()
  const [palette, setPalette] = useState(false)
  const reachable = useReachable()
  const place = placeOf(location)
  const arrived = useRef(place)
  useAskNews()

  useEffect(() => {
    if (place === arrived.current) return
    arrived.current = place
    // What had the focus went with the place before: start at the new one. Dialogs give it back one frame later.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) document.getElementById('main')?.focus()
      }),
    )
  }, [place])

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setPalette((open) => !open)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <ConnectProvider>
      <div className="shell">
        <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
          {t.nav.skip}
        </button>
        <Rail onSearch={() => setPalette(true)} />
        <div className="stage">
          <div role="status" className={reachable ? 'hidden-text' : 'offline'}>
            {reachable ? '' : t.reach.lost}
          </div>
          <MemoryWarning />
          {/* A new place begins at its top: the key gives each its own scroller. */}
          <main key={place} id="main" tabIndex={-1} className="scroller">
            <Places />
          </main>
        </div>
      </div>
      <Palette isOpen={palette} onClose={() => setPalette(false)} />
      <EditQuestion />
    </ConnectProvider>
  )
}
