import fs from 'node:fs'
import { startApi } from '../../../../electron/api/server.ts'
import { proxyService } from '../service.ts'

/**
 * The local API with the proxy in a process of its own, so that its memory can be measured. Tells where it is, then
 * answers every message with how much memory it takes and the most it has taken.
 */
const [, , dir = '', baseUrl = ''] = process.argv
const { service, events } = proxyService({ baseUrl })
const nothing = () => {}
const refuse = (): never => {
  throw new Error('Not in this test.')
}
const paths = { ownerKey: `${dir}/owner.key`, endpoint: `${dir}/endpoint.json`, socket: `${dir}/latchkey.sock` }
const api = await startApi({
  dispatch: refuse,
  services: {
    accessTokens: { get: refuse },
    vault: { status: () => ({ state: 'unlocked', guards: [], reason: '', remedy: null }) },
    pairing: { pair: refuse, look: refuse, authenticate: () => null },
    apps: { get: refuse },
    audit: { export: refuse },
    sees: () => false,
    onEnded: () => nothing,
    proxy: service,
  },
  events,
  paths,
  page: null,
  logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  version: '0.1.0',
  port: 0,
})

let most = 0
const look = () => {
  most = Math.max(most, process.memoryUsage.rss())
}
setInterval(look, 50)
process.on('message', () => {
  globalThis.gc?.()
  const now = process.memoryUsage.rss()
  look()
  process.send?.({ now, most })
  most = 0
})
process.on('disconnect', () => process.exit())
process.send?.({ http: api.http, key: fs.readFileSync(paths.ownerKey, 'utf8').trim() })
