import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Input, Method, Output } from '../../shared/contract.ts'
import { call } from '../client.ts'

/**
 * A call whose input holds a secret that was typed. A query cache would keep the input for minutes, and React keeps what
 * it showed last beside what it shows now; so nothing is cached, and `forget`, which empties the fields, is followed by
 * one more render before the page goes on.
 */
export function useSecretCall<M extends Method>(method: M, forget: () => void, touches: readonly string[]) {
  const client = useQueryClient()
  const [state, setState] = useState<{ isPending: boolean; error: unknown }>({ isPending: false, error: null })
  const busy = useRef(false)
  return {
    ...state,
    /** Resolves to the error, or null. `onDone` gets the answer when the input is forgotten. */
    async send(input: Input<M>, onDone?: (output: Output<M>) => void): Promise<unknown> {
      if (busy.current) return null
      busy.current = true
      setState({ isPending: false, error: null })
      // What answers at once is not announced as pending.
      const slow = setTimeout(() => setState({ isPending: true, error: null }), 100)
      let error: unknown = null
      let output: Output<M> | null = null
      try {
        output = await call(method, input)
      } catch (reason) {
        error = reason
      }
      clearTimeout(slow)
      if (error === null) flushSync(forget)
      const goesOn = error === null && onDone !== undefined
      // What goes on takes the form away: until then it stays as it is.
      flushSync(() => setState((before) => ({ isPending: goesOn && before.isPending, error })))
      await client.invalidateQueries({ queryKey: touches })
      if (goesOn) {
        onDone(output as Output<M>)
        setState({ isPending: false, error: null })
      }
      busy.current = false
      return error
    },
  }
}
