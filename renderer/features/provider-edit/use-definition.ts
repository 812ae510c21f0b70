import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call, errorOf } from '../../client.ts'
import type { Draft } from './definition.ts'

/** A value that has stood still for a moment: nothing is asked for every key. */
export function useSettled<T>(value: T, pause = 350): T {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pause)
    return () => clearTimeout(timer)
  }, [value, pause])
  return settled
}

/** What the host says of a definition while it is edited. */
export function useVerdict(draft: Draft) {
  const settled = useSettled(draft)
  const check = useQuery({
    queryKey: ['provider-check', JSON.stringify(settled)],
    queryFn: () => call('providers.check', { definition: settled }),
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  })
  return {
    warnings: check.isError ? [] : (check.data?.warnings ?? []),
    problem: check.isError ? errorOf(check.error) : null,
  }
}
