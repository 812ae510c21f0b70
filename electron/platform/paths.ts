import os from 'node:os'
import path from 'node:path'

/** Where everything of one profile stands (DESIGN section 8). The names are relied on by tests and other programs. */
export interface ProfilePaths {
  home: string
  vault: string
  ownerKey: string
  endpoint: string
  /** A Unix socket, or the name of a pipe on Windows. */
  socket: string
  log: string
  lock: string
  /** Electron's own user data. */
  electron: string
}

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the ending zero included. */
const longestSocketPath = 100

// Not imported: few profiles need it, and it takes as long to load as the rest of a command together.
const digest = (text: string) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 16)

const profileNames = /^[A-Za-z0-9_-]{1,40}$/
/** What the profile is called that has no folder of its own below the others. */
export const defaultProfile = 'default'

export const isProfileName = (name: string): boolean => profileNames.test(name)

/** The environment in which the profile that is named on the command line is the one that is meant. */
export function withProfile(env: NodeJS.ProcessEnv, name: string | undefined): NodeJS.ProcessEnv {
  if (name === undefined) return env
  const { LATCHKEY_HOME: _, ...rest } = env
  return { ...rest, LATCHKEY_PROFILE: name }
}

/** The profile that `LATCHKEY_PROFILE` names; null: the default one. Throws a plain `Error` for what is no name. */
function namedProfile(env: NodeJS.ProcessEnv): string | null {
  const name = env.LATCHKEY_PROFILE
  if (name === undefined || name === '' || name === defaultProfile) return null
  if (isProfileName(name)) return name
  throw new Error('The name of a profile has letters, digits, - and _, and at most 40 of them.')
}

/** XDG Base Directory Specification: a relative path is invalid and has to be ignored. */
const absolute = (value: string | undefined) => (value !== undefined && path.posix.isAbsolute(value) ? value : null)

function defaultHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') {
    const roaming = env.APPDATA || path.win32.join(env.USERPROFILE || os.homedir(), 'AppData', 'Roaming')
    return path.win32.join(roaming, 'Latchkey')
  }
  const user = env.HOME || os.homedir()
  if (platform === 'darwin') return path.posix.join(user, 'Library', 'Application Support', 'Latchkey')
  return path.posix.join(absolute(env.XDG_CONFIG_HOME) ?? path.posix.join(user, '.config'), 'Latchkey')
}

/** A socket path that fits: the wanted one, else a folder of the profile's own in the shortest private place. */
function fitting(wanted: string, home: string, env: NodeJS.ProcessEnv): string {
  if (Buffer.byteLength(wanted) <= longestSocketPath) return wanted
  const folder = `latchkey-${digest(`${os.userInfo().uid} ${home}`)}`
  const places = [absolute(env.XDG_RUNTIME_DIR), absolute(env.TMPDIR), os.tmpdir()].filter((it) => it !== null)
  const candidates = places.map((place) => path.posix.join(place, folder, 'latchkey.sock'))
  const last = path.posix.join('/tmp', folder, 'latchkey.sock')
  return candidates.find((it) => Buffer.byteLength(it) <= longestSocketPath) ?? last
}

/**
 * The files of the profile that `env` names. `LATCHKEY_HOME` moves everything inside one folder; otherwise Linux keeps
 * what lives only while Latchkey runs in `XDG_RUNTIME_DIR`. `LATCHKEY_PROFILE` names one of several profiles of this user
 * (E1), each in a folder of its own; with `LATCHKEY_HOME`, which is such a folder, it says nothing. Creates nothing; see
 * `privateFolder` for that.
 */
export function profilePaths(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): ProfilePaths {
  const { join, resolve } = platform === 'win32' ? path.win32 : path.posix
  const moved = env.LATCHKEY_HOME ? resolve(env.LATCHKEY_HOME) : null
  const name = moved === null ? namedProfile(env) : null
  const own = name === null ? [] : ['profiles', name]
  const home = moved ?? join(defaultHome(env, platform), ...own)
  const runtime = moved === null && platform === 'linux' ? absolute(env.XDG_RUNTIME_DIR) : null
  const live = runtime === null ? home : join(runtime, 'latchkey', ...own)
  const socket =
    platform === 'win32'
      ? `\\\\.\\pipe\\latchkey-${digest(`${env.USERNAME || os.userInfo().username} ${home.toLowerCase()}`)}`
      : fitting(join(live, 'latchkey.sock'), home, env)
  return {
    home,
    vault: join(home, 'vault.db'),
    ownerKey: join(home, 'owner.key'),
    endpoint: join(live, 'endpoint.json'),
    socket,
    log: join(home, 'latchkey.log'),
    lock: join(home, 'profile.lock'),
    electron: join(home, 'electron'),
  }
}
