import fs from 'node:fs'
import path from 'node:path'
import { checkIntegrity } from '../../../../../electron/vault/integrity.ts'
import { openVault } from '../../../../../electron/vault/vault.ts'
import { cheapGuard, noLog, seed, settableClock, tokens } from '../../../../unit/vault/fixtures.ts'
import { told } from './told.ts'

/** Fills a small disk with a vault until nothing more fits, makes room, and goes on. Tells what came of it as JSON. */
const [folder = ''] = process.argv.slice(2)
const file = path.join(folder, 'profile', 'vault.db')
const clock = settableClock()
const open = () => openVault({ file, clock, logger: noLog })
const vault = open()
await vault.create(cheapGuard())
seed(vault)
vault.tokens.put('acc_1', tokens())
const filler = path.join(folder, 'filler')
fs.writeFileSync(filler, Buffer.alloc(400_000))

let stored = 0
const put = () => {
  for (;;) {
    vault.records.put('filling', `${stored}`, 'x'.repeat(4000), null)
    stored++
  }
}
const whenFull = told(put)
const changing = told(() => vault.transaction(() => vault.tokens.put('acc_1', tokens({ refreshToken: 'refresh-2' }))))
const backup = told(() => vault.backups.make())
const afterwards = {
  state: vault.status().state,
  refreshToken: vault.tokens.get('acc_1')?.refreshToken,
  records: [vault.records.get('filling', `${stored - 1}`)?.length, vault.records.get('filling', `${stored}`)],
  partial: fs.existsSync(path.join(folder, 'profile', 'backups'))
    ? fs.readdirSync(path.join(folder, 'profile', 'backups'))
    : [],
}
fs.rmSync(filler)
const withRoom = told(() => vault.tokens.put('acc_1', tokens({ refreshToken: 'refresh-3' })))
const { damage } = checkIntegrity(file)
vault.close()
const again = open()
await again.unlock(cheapGuard())
const restarted = again.tokens.get('acc_1')?.refreshToken
again.close()
process.stdout.write(JSON.stringify({ whenFull, changing, backup, afterwards, withRoom, damage, restarted }))
