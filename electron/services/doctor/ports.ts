import fs from 'node:fs'
import path from 'node:path'
import type { ProfilePaths } from '../../platform/paths.ts'
import { portHolder } from '../../platform/port-holder.ts'
import { type Check, type Facts, ok, problem, warning } from './check.ts'

/** The port that the local API tries first (DESIGN section 8). */
const usualPort = 47_321

export interface PortsParts {
  paths: Pick<ProfilePaths, 'endpoint' | 'socket' | 'ownerKey'>
  /** Where the local API is; null while it starts. */
  api: () => { http: string | null; socket: string | null }
  platform?: NodeJS.Platform
}

/** Whether programs find the local API, and nobody else reaches its socket. */
export function portsCheck(parts: PortsParts): Check {
  const { paths } = parts
  const platform = parts.platform ?? process.platform
  return {
    id: 'ports',
    title: 'Local API',
    async run(signal) {
      const { http, socket } = parts.api()
      const facts: Facts = { HTTP: http ?? 'off', Socket: socket ?? 'off', 'Endpoint file': paths.endpoint }
      if (http === null || socket === null) {
        return problem('The local API does not listen.', 'Start Latchkey again; the log names the cause.', facts)
      }
      const said = readEndpoint(paths.endpoint)
      if (said?.http !== http || said.socket !== socket || said.pid !== process.pid) {
        return problem(
          said === null
            ? 'The endpoint file is missing or cannot be read, so programs do not find Latchkey.'
            : 'The endpoint file names another Latchkey than this one.',
          'Start Latchkey again: it writes the file anew.',
          facts,
        )
      }
      const open = platform === 'win32' ? null : openToOthers([paths.endpoint, paths.ownerKey, socket])
      if (open !== null) {
        const folder = fs.statSync(open).isDirectory()
        return problem(
          `Other users of this computer can reach ${open}.`,
          `Take that away: chmod ${folder ? '700' : '600'} ${open}`,
          facts,
        )
      }
      if (new URL(http).port === String(usualPort)) return ok('Programs find Latchkey, and only you reach it.', facts)
      const holder = await portHolder(usualPort, signal)
      return warning(
        `Port ${usualPort} was taken when Latchkey started, so it has another one.`,
        'Nothing, if your programs read the endpoint file. Otherwise end what has the port, and start Latchkey again.',
        { ...facts, [`Port ${usualPort}`]: holder ?? 'free now, or another user’s' },
      )
    },
  }
}

function readEndpoint(file: string): { http?: unknown; socket?: unknown; pid?: unknown } | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
  } catch {
    return null
  }
}

/** The first of these files, or of their folders, that anybody else may enter, read or write. */
function openToOthers(files: string[]): string | null {
  for (const entry of files.flatMap((file) => [path.dirname(file), file])) {
    const stats = fs.statSync(entry, { throwIfNoEntry: false })
    if (stats !== undefined && (stats.mode & 0o077) !== 0) return entry
  }
  return null
}
