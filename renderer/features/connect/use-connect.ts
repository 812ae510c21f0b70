import { createContext, useContext } from 'react'

/** What the sheet starts with: nothing (choose a provider), a provider, a registration, or an account to sign in to again. */
export interface ConnectTarget {
  provider?: string
  registration?: string
  account?: string
  /** Told of the account when somebody has signed in; without it the page goes to that account. */
  onConnected?: (account: string) => void
}

export const ConnectContext = createContext<(target: ConnectTarget) => void>(() => undefined)

/** Opens the connect sheet from anywhere. */
export const useConnect = () => useContext(ConnectContext)
