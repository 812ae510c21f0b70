import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The local API of a running profile, as a program of the owner's uses it. */
export interface LocalApi {
  http: string
  ownerKey: string
  /** Calls and gives the JSON answer; throws when the status is not 2xx. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
}

export function localApi(profile: string): LocalApi {
  const { http } = JSON.parse(readFileSync(path.join(profile, 'endpoint.json'), 'utf8')) as { http: string }
  const ownerKey = readFileSync(path.join(profile, 'owner.key'), 'utf8').trim()
  return {
    http,
    ownerKey,
    async call<T>(method: string, where: string, body?: unknown) {
      const response = await fetch(new URL(where, http), {
        method,
        headers: {
          authorization: `Bearer ${ownerKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
  }
}
