import path from 'node:path'
import { type Child, start } from './children.ts'
import type { Person } from './person.ts'
import { root } from './requirements.ts'

/** The headless host, as `npm run headless` runs it. */
export interface Headless extends Child {
  /** The one-time link to its page. */
  link: string
}

export async function startHeadless(person: Person, env: NodeJS.ProcessEnv = {}): Promise<Headless> {
  const child = start(process.execPath, [path.join(root, 'dist/headless.js')], { env: { ...person.env, ...env } })
  const [link] = await child.says(/http:\/\/127\.0\.0\.1:\d+\/\S*#link=\S+/)
  return { ...child, link }
}
