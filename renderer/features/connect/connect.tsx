import { type ReactNode, useState } from 'react'
import { Sheet } from './sheet.tsx'
import { ConnectContext, type ConnectTarget } from './use-connect.ts'

/** Holds the one connect sheet of the page. */
export function ConnectProvider({ children }: { children: ReactNode }) {
  const [target, setTarget] = useState<ConnectTarget | null>(null)
  const [count, setCount] = useState(0)
  function open(next: ConnectTarget) {
    // A new key: nothing of the last sign-in is left in the fields.
    setCount(count + 1)
    setTarget(next)
  }
  return (
    <ConnectContext value={open}>
      {children}
      {target && <Sheet key={count} target={target} onClose={() => setTarget(null)} />}
    </ConnectContext>
  )
}
