import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { errorOf } from '../client.ts'
import { Button } from '../components/button.tsx'
import { forgetHistory } from '../features/playground/history.tsx'
import { Setup } from '../features/vault/setup.tsx'
import { Threshold } from '../features/vault/threshold.tsx'
import { Unlock } from '../features/vault/unlock.tsx'
import { t } from '../texts.ts'
import { useEvents } from './events.ts'
import { NoSession } from './no-session.tsx'
import { keys, useVault } from './queries.ts'
import { Shell } from './shell.tsx'

/** What stands between the person and their accounts: a session, a vault, its key. */
export function Gate() {
  const client = useQueryClient()
  const vault = useVault()
  const state = vault.data?.state
  const before = useRef(state)
  useEvents(vault.isSuccess)

  useEffect(() => {
    // Nothing of an open vault stays in the page's memory once it is closed.
    if (before.current === 'unlocked' && state !== 'unlocked') {
      forgetHistory()
      client.removeQueries({
        predicate: ({ queryKey }) => queryKey[0] !== keys.vault[0] && queryKey[0] !== keys.info[0],
      })
    }
    before.current = state
  }, [client, state])

  if (vault.isError) {
    if (errorOf(vault.error).code === 'unauthenticated') return <NoSession />
    return (
      <Threshold title={t.reach.failedTitle} lead={t.reach.failedText}>
        <p className="muted break">{errorOf(vault.error).message}</p>
        <Button look="primary" onPress={() => void vault.refetch()} isPending={vault.isFetching}>
          {t.common.retry}
        </Button>
      </Threshold>
    )
  }
  if (!vault.data) return null
  if (vault.data.state === 'new') return <Setup vault={vault.data} />
  if (vault.data.state === 'locked') return <Unlock vault={vault.data} />
  return <Shell />
}
