import { openVault } from '../../../../electron/vault/vault.ts'
import { cheapGuard, noLog, settableClock } from '../../../unit/vault/fixtures.ts'

/** Rotates the data key of a vault and says so as soon as some values, not all, are sealed under the new one. */
const [file = ''] = process.argv.slice(2)
const vault = openVault({ file, clock: settableClock(), logger: noLog })
await vault.unlock(cheapGuard())
await vault.keys.rotate([cheapGuard()])
for (;;) {
  const { done, running } = vault.keys.rotation()
  if (done > 0 || !running) break
  await new Promise<void>((resolve) => void setImmediate(resolve))
}
process.stdout.write('under way\n')
await vault.keys.settled()
