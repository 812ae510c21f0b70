import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import type { Input, Method } from '../../shared/contract.ts'
import { call } from '../client.ts'

/**
 * A call whose input holds a secret that was typed. A query cache would keep the input for minutes, and React keeps what
 * it showed last beside what it shows now; so nothing is cached, and `forget`, which empties the fields, is followed by
 * one more render before the page goes on.
 */
export function useSecretCall<M extends Method>(method: M, forget: () => void, touches: readonly string[]) {
  const client = useQueryClient()
  const [state, setState] = useState<{ isPending: boolean; error: unknown }>({ isPending: false, error: null })
  return {
    ...state,
    /** Resolves to the error, or null. */
    async send(input: Input<M>): Promise<unknown> {
      setState({ isPending: true, error: null })
      let error: unknown = null
      try {
        await call(method, input)
      } catch (reason) {
        error = reason
      }
      if (error === null) flushSync(forget)
      flushSync(() => setState({ isPending: false, error }))
      await client.invalidateQueries({ queryKey: touches })
      return error
    },
  }
}
