import { lockProfile } from '../../../../../electron/vault/profile-lock.ts'
import { openVault } from '../../../../../electron/vault/vault.ts'
import { noLog, settableClock } from '../../../../unit/vault/fixtures.ts'
import { told } from './told.ts'

/** Tries to open a vault, and to take the lock beside it, as a host does at its start. Tells what came of it as JSON. */
const [file = ''] = process.argv.slice(2)
const opening = told(() => openVault({ file, clock: settableClock(), logger: noLog }).close())
const locking = told(() => lockProfile(`${file}.lock`).release())
process.stdout.write(JSON.stringify({ opening, locking }))
