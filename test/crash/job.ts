import type { ClientSettings } from '../../electron/oauth/ports.ts'

/** What a child is to do, as one line of JSON on its standard input. Everything in it is made up for the test. */
export interface Job {
  number: number
  file: string
  settings: ClientSettings
  focus: Focus
  refreshed: string[]
  resetAccount: string
  /** base64, by edition. */
  documents: { A: string; B: string }
  /** Vaults of earlier schemas, each for one migration. */
  oldFiles: string[]
}

export const focuses = ['refresh', 'connect', 'reset', 'migrate', 'rotate', 'import'] as const
export type Focus = (typeof focuses)[number]

/** How one kill went. */
export interface Kill {
  number: number
  focus: Focus
  /** `after 31 ms`, or which message of a refresh had just passed the authorization server. */
  moment: string
  /** What had begun and not ended when the process died. */
  underWay: string[]
  outcomes: Outcome[]
  /** What must never be: a damaged file, a value that does not open, an account that is lost without a word. */
  problems: string[]
}

export const outcomes = {
  whole: 'the stored refresh token is the one that the server accepts',
  'tried again': 'cut off before the server rotated: the next use refreshed',
  'loss named': 'cut off after the server rotated: the account says so, and a sign-in mended it',
  reset: 'its tokens were being forgotten on request: the account says so',
} as const
export type Outcome = keyof typeof outcomes
