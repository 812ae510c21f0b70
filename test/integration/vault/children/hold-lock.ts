import { lockProfile } from '../../../../electron/vault/profile-lock.ts'

/** Takes the lock named in argv, says so, and keeps it until it is ended. */
lockProfile(process.argv[2] ?? '')
process.stdout.write('held\n')
setInterval(() => undefined, 60_000)
