import { useEffect } from 'react'
import { href, paths } from '../../app/routes.ts'
import { call, connection } from '../../client.ts'
import { isolated } from '../../components/plain-text.ts'
import { tell } from '../../components/toast.tsx'
import { t } from '../../texts.ts'

/** One quiet line for each request that comes in while the page is looked at. Asking again says nothing more. */
export function useAskNews(): void {
  useEffect(() => {
    const told = new Set<string>()
    return connection().onEvent((event) => {
      if (event.type !== 'ask' || event.state !== 'waiting' || told.has(event.ask_id)) return
      told.add(event.ask_id)
      // On the place itself it is there already; what nobody looks at waits in the rail.
      if (document.visibilityState !== 'visible' || location.hash.startsWith('#/apps')) return
      call('asks.get', { ask: event.ask_id }).then(
        (ask) =>
          tell(t.apps.ask.toast(isolated(ask.name)), 'calm', { text: t.apps.ask.look, href: href(paths.ask(ask.id)) }),
        // It was answered meanwhile.
        () => undefined,
      )
    })
  }, [])
}
