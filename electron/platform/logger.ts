import fs from 'node:fs'
import pino from 'pino'
import type { LogData, Logger } from './ports.ts'
import { privateFile } from './private-files.ts'
import { redact, redactValue } from './redact.ts'

/** The file becomes `<file>.1`, in place of the one before, when it has grown to this many bytes. */
const largestFile = 5 * 1024 * 1024

/** Appends lines to a private file, synchronously: the last line before a crash is the one that is needed. */
function fileWriter(file: string): (line: string) => void {
  let descriptor = -1
  let size = 0
  const open = () => {
    privateFile(file)
    descriptor = fs.openSync(file, 'a', 0o600)
    size = fs.fstatSync(descriptor).size
  }
  const rotate = () => {
    fs.closeSync(descriptor)
    fs.renameSync(file, `${file}.1`)
    open()
  }
  open()
  if (size >= largestFile) rotate()
  return (line) => {
    try {
      if (size >= largestFile) rotate()
      size += fs.writeSync(descriptor, line)
    } catch {
      // A full disk must not stop the app: the log is the one thing that can be done without.
    }
  }
}

/**
 * A log of JSON lines: `{"level","time","msg","data"?}`, redacted. `file`: where to append (0600, one older file kept);
 * null writes to standard error, so that standard output stays the answer's own.
 */
export function createLogger(options: { file: string | null; level?: 'debug' | 'info' | 'warn' | 'error' }): Logger {
  const write = options.file === null ? (line: string) => process.stderr.write(line) : fileWriter(options.file)
  const log = pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void write(redact(line)) },
  )
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, data?: LogData) => {
    if (!log.isLevelEnabled(level)) return
    log[level](data === undefined ? {} : { data: redactValue(data) }, redact(message))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
