/** Where a command reads and writes. The entry hands over the process's own; a test hands over its own. */
export interface Io {
  stdin: NodeJS.ReadStream
  /** The answer, and nothing else. */
  stdout: NodeJS.WriteStream
  /** Everything said to the person beside it: questions, progress, errors. */
  stderr: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
  /** Aborts at the first Ctrl+C. */
  signal: AbortSignal
  /** The file of the headless host, beside the command line's own. */
  hostEntry: string
}
