import path from 'node:path'
import { profilePaths } from '../platform/paths.ts'
import { fs, module } from './builtins.ts'

/**
 * Lets Node keep what it has compiled, which saves a third of the time that a command takes (Node 22.8 and newer).
 *
 * What lies there is run as it is. So it stands in the profile, whose owner alone can write, and nowhere else: not where
 * another user could have made the folder, and not in a profile of somebody else's that root or sudo happens to use.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  try {
    // A profile that there is not is not made for this.
    const { home } = profilePaths(env)
    if (!isOurs(home)) return
    const folder = path.join(home, 'cache')
    fs.mkdirSync(folder, { mode: 0o700, recursive: true })
    if (!isOurs(folder)) return
    // Node makes a folder below it now, and the files in it for the owner alone.
    const before = process.umask(0o077)
    module.enableCompileCache?.(folder)
    process.umask(before)
  } catch {
    // It is only slower without.
  }
}

/** Windows keeps profiles private by where they are; its files have no mode to look at. */
function isOurs(folder: string): boolean {
  const { uid, mode } = fs.statSync(folder)
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
}
