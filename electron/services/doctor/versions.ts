import os from 'node:os'
import { newestSchema, sqliteVersion } from '../../vault/integrity.ts'
import { type Check, ok, warning } from './check.ts'

/** What Latchkey is compiled for. */
const oldestNode = 20

/** What a report of a problem has to name. */
export function versionsCheck(parts: { version: string; host: string; versions?: NodeJS.ProcessVersions }): Check {
  const versions = parts.versions ?? process.versions
  return {
    id: 'versions',
    title: 'Versions',
    async run() {
      const { node, electron } = versions
      const facts = {
        Latchkey: `${parts.version}, ${parts.host} host`,
        Schema: String(newestSchema),
        ...(electron === undefined ? {} : { Electron: electron }),
        'Node.js': node,
        SQLite: sqliteVersion(),
        System: `${os.type()} ${os.release()} ${os.machine()}`,
      }
      if (Number.parseInt(node, 10) < oldestNode) {
        return warning(
          `Node.js ${node} is older than Latchkey was made for.`,
          `Install Node.js ${oldestNode} or newer.`,
          facts,
        )
      }
      return ok(`Latchkey ${parts.version}.`, facts)
    },
  }
}
