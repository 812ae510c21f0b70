import path from 'node:path'
import { type Child, start } from '../../e2e/support/children.ts'
import { type LocalApi, localApi } from '../../e2e/support/local-api.ts'
import { root } from '../../e2e/support/requirements.ts'
import type { Profile } from './profile.ts'

/** The headless host as it is built, on a profile that has been filled. */
export interface Host extends Child {
  api: LocalApi
  /** The one-time link to its page. */
  link: string
  pid: number
}

/** Where the build is that is measured. `LATCHKEY_BENCH_DIST` names another one, to compare two. */
export const dist = path.resolve(process.env.LATCHKEY_BENCH_DIST ?? path.join(root, 'dist'))

/** @param flags For Node, as `--cpu-prof`. */
export async function startHost(profile: Profile, flags: readonly string[] = []): Promise<Host> {
  const child = start(process.execPath, [...flags, path.join(dist, 'headless.js')], { env: profile.env })
  const [link] = await child.says(/http:\/\/127\.0\.0\.1:\d+\/\S*#link=\S+/)
  return { ...child, link, api: localApi(profile.profile), pid: child.process.pid ?? 0 }
}
