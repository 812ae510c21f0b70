import fs from 'node:fs'
import { onTestFinished } from 'vitest'
import type { App, Pairing } from '../../../shared/contract-apps.ts'
import { type Host, startHost } from '../whole/host.ts'
import { type Answer, hostAndPort, request } from './world.ts'

/** The whole host with a vault of its own, gone after the test. */
export async function wholeHost(): Promise<Host> {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  return host
}

/** One call over HTTP, as any program makes it. */
export function call(host: Host, key: string | null, method: string, target: string, body?: unknown): Promise<Answer> {
  const address = new URL(host.latchkey.api.http).host
  return request({
    where: hostAndPort(address),
    method,
    target,
    headers: {
      host: address,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body,
  })
}

/** Pairs a program: it asks, the person approves with these permissions, it collects its key. */
export async function pairApp(
  host: Host,
  name: string,
  permissions: Record<string, unknown>[],
): Promise<{ key: string; app: App; call(method: string, target: string, body?: unknown): Promise<Answer> }> {
  const asked: Pairing = (await call(host, null, 'POST', '/v1/pair', { name, purpose: 'For the test.' })).json
  await host.client.approve(asked.code, { permissions: permissions as never })
  const { json } = await call(host, asked.secret ?? '', 'GET', `/v1/pair/${asked.id}`)
  const key: string = json.key
  return {
    key,
    app: await host.client.app(json.app_id),
    call: (method, target, body) => call(host, key, method, target, body),
  }
}
