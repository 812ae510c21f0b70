import Database from 'better-sqlite3'

/** Holds the file of a vault as another program would: `IMMEDIATE` for writers, `EXCLUSIVE` for everybody. */
const [file = '', kind = 'IMMEDIATE'] = process.argv.slice(2)
const db = new Database(file)
if (kind === 'EXCLUSIVE') db.pragma('locking_mode = EXCLUSIVE')
db.exec(`BEGIN ${kind}`)
if (kind === 'EXCLUSIVE') db.pragma('user_version = 4')
process.stdout.write('held\n')
setInterval(() => db.open, 60_000)
