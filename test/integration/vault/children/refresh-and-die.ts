import { systemClock } from '../../../../electron/platform/clock.ts'
import { openVault } from '../../../../electron/vault/vault.ts'
import { account, cheapGuard, noLog, registration, tokens } from '../../../unit/vault/fixtures.ts'

/**
 * Marks a refresh and, when told to, commits the rotated token set; then ends as a crash does, without closing anything.
 */
const [file = '', ending] = process.argv.slice(2)
const vault = openVault({ file, clock: systemClock, logger: noLog })
await vault.create(cheapGuard())
vault.registrations.save(registration(), null)
vault.accounts.save(account())
vault.tokens.put('acc_1', tokens())
vault.tokens.beginRefresh('acc_1', 12_345)
if (ending === 'commit') vault.tokens.commitRefresh('acc_1', tokens({ refreshToken: 'refresh-2' }))
process.kill(process.pid, 'SIGKILL')
