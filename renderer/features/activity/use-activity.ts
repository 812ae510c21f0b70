import { useInfiniteQuery } from '@tanstack/react-query'
import type { ActivityFilter } from '../../../shared/contract-apps.ts'
import { keys } from '../../app/queries.ts'
import { call } from '../../client.ts'

/** The log, newest first, page by page; of what the filter leaves. */
export function useActivity(filter: ActivityFilter, limit: number) {
  return useInfiniteQuery({
    queryKey: [...keys.activity, filter, limit],
    queryFn: ({ pageParam }) =>
      call('activity.list', { ...filter, limit, ...(pageParam === null ? {} : { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < limit ? null : (page.at(-1)?.id ?? null)),
    // Another filter: what was shown stays until the answer is there.
    placeholderData: (before) => before,
  })
}
