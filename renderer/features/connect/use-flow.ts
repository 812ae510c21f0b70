import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import type { Flow } from '../../../shared/models.ts'
import { flowQuery, keys } from '../../app/queries.ts'
import { call } from '../../client.ts'

export const isOver = (flow: Flow): boolean =>
  flow.state === 'completed' || flow.state === 'failed' || flow.state === 'cancelled'

/** The flow as it is now. Events renew it; every two seconds it is asked for, should one have been missed. */
export function useFlow(started: Flow): Flow {
  const { data } = useQuery({
    ...flowQuery(started.id),
    initialData: started,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 2000),
  })
  return data
}

/** Cancels the flow, if it is still under way, without waiting for the answer. Also when its dialog just goes away. */
export function useEndFlow(id: string | null): () => void {
  const client = useQueryClient()
  const end = useCallback(() => {
    if (id === null) return
    const flow = client.getQueryData<Flow>(keys.flow(id))
    if (flow && isOver(flow)) return
    void call('connect.cancel', { flow: id }).catch(() => undefined)
  }, [client, id])
  useEffect(() => {
    window.addEventListener('pagehide', end)
    return () => window.removeEventListener('pagehide', end)
  }, [end])
  return end
}
