import fs from 'node:fs/promises'
import path from 'node:path'
import { type Check, notApplicable, ok, problem, warning } from './check.ts'

/** Entries that are looked at before it is enough. */
const most = 20_000
/** What others make inside the profile, with their own modes: the profile's folder keeps everybody out of it. */
const made = ['electron', 'cache']
/** Other profiles, whose own doctor looks at them. */
const others = ['profiles']

interface Found {
  looked: number
  /** Readable for others, as paths. */
  open: string[]
  /** Of another user. */
  foreign: string[]
}

/** Whether only this user can reach what the profile holds. */
export function filesCheck(parts: { home: string; platform?: NodeJS.Platform }): Check {
  const { home } = parts
  return {
    id: 'files',
    title: 'Files of the profile',
    async run(signal) {
      if ((parts.platform ?? process.platform) === 'win32') {
        return notApplicable('Windows keeps the files of a user’s profile private by where they are.', { Folder: home })
      }
      const found: Found = { looked: 0, open: [], foreign: [] }
      await walk(home, home, found, signal)
      const facts = { Folder: home, 'Looked at': `${found.looked} files and folders`, ...shown('Open', found.open) }
      if (found.foreign.length > 0) {
        return problem(
          `${count(found.foreign)} of another user stands in the profile: ${found.foreign[0]}`,
          'Find out who put it there. If it is yours, give it back to yourself: sudo chown.',
          { ...facts, ...shown('Of another user', found.foreign) },
        )
      }
      if (found.open.length > 0) {
        const shut = found.open[0] === home
        return problem(
          `Other users of this computer can read what is in the profile: ${found.open[0]}`,
          `Take that away: chmod ${shut ? '700' : 'go-rwx'} ${quoted(found.open[0] ?? home)}`,
          facts,
        )
      }
      if (found.looked >= most)
        return warning('There are more files than were looked at.', 'Look for what made them.', facts)
      return ok('Only you can read the files of this profile.', facts)
    },
  }
}

async function walk(entry: string, home: string, found: Found, signal: AbortSignal): Promise<void> {
  if (found.looked >= most || signal.aborted) return
  const stats = await fs.lstat(entry).catch(() => null)
  // Gone meanwhile: the write-ahead log comes and goes.
  if (stats === null) return
  found.looked += 1
  if (stats.uid !== process.getuid?.()) found.foreign.push(entry)
  const [below] = path.relative(home, entry).split(path.sep)
  const own = !made.includes(below ?? '')
  // A link has no mode of its own.
  if (own && !stats.isSymbolicLink() && (stats.mode & 0o077) !== 0) found.open.push(entry)
  if (!stats.isDirectory()) return
  const names = await fs.readdir(entry).catch(() => [])
  for (const name of names.sort()) {
    if (entry !== home || !others.includes(name)) await walk(path.join(entry, name), home, found, signal)
  }
}

const count = (all: string[]) => (all.length === 1 ? 'A file' : `${all.length} files`)
const shown = (name: string, all: string[]) => (all.length === 0 ? {} : { [name]: all.slice(0, 10).join(', ') })
const quoted = (file: string) => `'${file.replaceAll("'", "'\\''")}'`
