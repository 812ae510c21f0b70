import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { defaultProfile, isProfileName, type ProfilePaths, profilePaths, withProfile } from './paths.ts'

/** One vault with its settings, keys and endpoints (E1). */
export interface FoundProfile {
  name: string
  home: string
  current: boolean
  running: boolean
}

/** `--profile NAME` and `--memory` among the arguments of a host; the others are not for it. */
export function hostArguments(args: string[]): { profile: string | undefined; memory: boolean } {
  const options = { profile: { type: 'string' }, memory: { type: 'boolean' } } as const
  const { profile, memory } = parseArgs({ args, options, strict: false }).values
  if (profile === true) throw new Error('--profile needs the name of a profile.')
  return { profile: profile === false ? undefined : profile, memory: memory === true }
}

/**
 * Every profile of this user, the default one first, then by name.
 *
 * @param home The folder of the one that is meant, which may be anywhere. Absent: the one that `env` names.
 */
export function listProfiles(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = profilePaths(env, platform).home,
): FoundProfile[] {
  const pathsOf = (name: string) => profilePaths(withProfile(env, name), platform)
  const folder = path.join(pathsOf(defaultProfile).home, 'profiles')
  const found = [defaultProfile, ...namesIn(folder)].map((name) => view(name, pathsOf(name), home))
  if (found.some((it) => it.current)) return found
  // One that was named and has never been started has no folder yet.
  const named = path.dirname(home) === folder
  const name = named ? path.basename(home) : home
  const paths = named ? pathsOf(name) : profilePaths({ ...env, LATCHKEY_HOME: home }, platform)
  return [...found, view(name, paths, home)]
}

function view(name: string, paths: ProfilePaths, home: string): FoundProfile {
  return { name, home: paths.home, current: paths.home === home, running: isRunning(paths.endpoint) }
}

function namesIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true })
    return entries
      .filter((it) => it.isDirectory() && isProfileName(it.name) && it.name !== defaultProfile)
      .map((it) => it.name)
      .sort()
  } catch {
    return []
  }
}

/** Whether the process that wrote this endpoint file is alive. EPERM: it is, under another user. */
function isRunning(endpoint: string): boolean {
  try {
    const { pid } = JSON.parse(fs.readFileSync(endpoint, 'utf8')) as { pid?: unknown }
    if (typeof pid !== 'number') return false
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
