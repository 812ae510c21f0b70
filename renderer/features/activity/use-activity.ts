import { useInfiniteQuery } from '@tanstack/react-query'
import { keys } from '../../app/queries.ts'
import { call } from '../../client.ts'

/** The log, newest first, page by page; of one account or of all. */
export function useActivity(account: string | null, limit: number) {
  return useInfiniteQuery({
    queryKey: [...keys.activity, account, limit],
    queryFn: ({ pageParam }) =>
      call('activity.list', {
        limit,
        ...(account === null ? {} : { account }),
        ...(pageParam === null ? {} : { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < limit ? null : (page.at(-1)?.id ?? null)),
  })
}
