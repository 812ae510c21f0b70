import { account } from './en-account.ts'
import { connect } from './en-connect.ts'
import { places } from './en-places.ts'
import { time } from './en-time.ts'
import { vault } from './en-vault.ts'

/** English. */
export const english = { ...places, account, connect, time, vault }
