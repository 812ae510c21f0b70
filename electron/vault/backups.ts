import fs from 'node:fs'
import path from 'node:path'
import { privateFile } from '../platform/private-files.ts'
import type { Db } from './database.ts'
import type { BackupFile } from './ports.ts'

/**
 * Copies of the whole vault in `backups/` beside it: sealed as it is, with the key slots of their time. Those made before
 * a migration and those that a person asked for are counted apart, so that neither push out the other.
 */
const kept = { migration: 3, asked: 10 }
export type BackupKind = keyof typeof kept

/** `vault-20261121T101500123Z-schema4.db`; the time stands first, so that names sort by age. */
const shape = /^vault-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-schema(\d{1,9})(-asked)?\.db$/

export const backupFolder = (file: string) => path.join(path.dirname(file), 'backups')

function nameOf(now: number, schema: number, kind: BackupKind): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '')
  return `vault-${time}-schema${schema}${kind === 'asked' ? '-asked' : ''}.db`
}

function read(folder: string, name: string): (BackupFile & { kind: BackupKind }) | null {
  const [, year, month, day, hour, minute, second, milli, schema, asked] = shape.exec(name) ?? []
  if (schema === undefined) return null
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`)
  const stats = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false })
  // Whatever else bears such a name was put there by somebody else; a link could lead anywhere.
  if (!stats?.isFile() || Number.isNaN(at)) return null
  return { name, at, schema: Number(schema), bytes: stats.size, kind: asked === undefined ? 'migration' : 'asked' }
}

function all(folder: string) {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  return names
    .flatMap((name) => read(folder, name) ?? [])
    .sort((one, other) => other.at - one.at || (one.name < other.name ? 1 : -1))
}

/** The newest first. */
export const listBackups = (file: string): BackupFile[] =>
  all(backupFolder(file)).map(({ kind: _, ...backup }) => backup)

function sync(entry: string, flags: string): void {
  const descriptor = fs.openSync(entry, flags)
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * A consistent copy of the open database, on the disk when this returns. Until it is whole it has another name, so that
 * one that was cut off is never taken for a backup.
 */
export function makeBackup(db: Db, file: string, now: number, kind: BackupKind): BackupFile {
  const folder = backupFolder(file)
  const schema = db.pragma('user_version', { simple: true }) as number
  let at = now
  while (fs.existsSync(path.join(folder, nameOf(at, schema, kind)))) at += 1
  const name = nameOf(at, schema, kind)
  const copy = path.join(folder, name)
  const partial = `${copy}.partial`
  fs.rmSync(partial, { force: true })
  // Made first, empty, because VACUUM INTO would create it with the umask's mode.
  privateFile(partial)
  try {
    db.prepare('VACUUM INTO ?').run(partial)
    sync(partial, 'r+')
    fs.renameSync(partial, copy)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw error
  }
  // Windows opens no folders; its file system keeps the order of the two by itself.
  if (process.platform !== 'win32') sync(folder, 'r')
  return { name, at, schema, bytes: fs.statSync(copy).size }
}

export const removeBackup = (file: string, { name }: BackupFile) => fs.rmSync(path.join(backupFolder(file), name))

/** Keeps `made` and the newest others of its kind: where the clock was set back, the one just made looks old. */
export function dropOldBackups(file: string, made: BackupFile, kind: BackupKind): void {
  const others = all(backupFolder(file)).filter((backup) => backup.kind === kind && backup.name !== made.name)
  for (const backup of others.slice(kept[kind] - 1)) removeBackup(file, backup)
}
