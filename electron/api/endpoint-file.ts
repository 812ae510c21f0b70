import fs from 'node:fs'
import path from 'node:path'
import { privateFolder } from '../platform/private-files.ts'
import { writePrivately } from './write-privately.ts'

/** Where the local API is, for programs that look for it (DESIGN section 8). Times and keys have no place in it. */
export interface Endpoint {
  version: 1
  pid: number
  http: string
  socket: string
}

/** Writes the endpoint file. Returns the way to take it away again, which leaves one of a later process alone. */
export function writeEndpoint(file: string, endpoint: Endpoint): () => void {
  privateFolder(path.dirname(file))
  const text = `${JSON.stringify(endpoint)}\n`
  writePrivately(file, text)
  return () => {
    try {
      if (fs.readFileSync(file, 'utf8') === text) fs.rmSync(file)
    } catch {
      // Gone already: nothing is left to take away.
    }
  }
}
