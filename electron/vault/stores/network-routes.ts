import type { Db } from '../database.ts'
import type { NetworkRoute, NetworkRouteStore } from '../ports.ts'
import type { Sealer } from '../sealing.ts'

interface Row {
  provider_id: string
  route: string
  proxy_password: Buffer | null
  private_key: Buffer | null
}

type SecretColumn = 'proxy_password' | 'private_key'
const place = (providerId: string, column: SecretColumn) => ({ table: 'network_routes', row: providerId, column })

/** How the requests of each provider travel; the proxy's password and the key of the client certificate sealed. */
export function networkRouteStore(db: Db, sealer: () => Sealer): NetworkRouteStore {
  const one = db.prepare<[string], Row>(
    'SELECT provider_id, route, proxy_password, private_key FROM network_routes WHERE provider_id = ?',
  )
  const all = db.prepare<[], { provider_id: string; route: string; has_password: number; has_key: number }>(
    `SELECT provider_id, route, proxy_password IS NOT NULL AS has_password, private_key IS NOT NULL AS has_key
     FROM network_routes ORDER BY provider_id`,
  )
  const write = db.prepare<[Row]>(
    `INSERT INTO network_routes (provider_id, route, proxy_password, private_key)
     VALUES (@provider_id, @route, @proxy_password, @private_key)
     ON CONFLICT (provider_id) DO UPDATE SET route = excluded.route, proxy_password = excluded.proxy_password,
       private_key = excluded.private_key`,
  )
  const drop = db.prepare<[string]>('DELETE FROM network_routes WHERE provider_id = ?')
  const sealed = (providerId: string, column: SecretColumn, text: string | null) =>
    text === null ? null : sealer().seal(place(providerId, column), text)
  return {
    get(providerId) {
      const row = one.get(providerId)
      if (row === undefined) return null
      const opened = (column: SecretColumn) => {
        const stored = row[column]
        return stored === null ? null : sealer().open(place(providerId, column), stored)
      }
      return {
        ...(JSON.parse(row.route) as NetworkRoute),
        proxyPassword: opened('proxy_password'),
        privateKey: opened('private_key'),
      }
    },
    list: () =>
      all.all().map((row) => ({
        providerId: row.provider_id,
        route: JSON.parse(row.route) as NetworkRoute,
        hasProxyPassword: row.has_password === 1,
        hasPrivateKey: row.has_key === 1,
      })),
    save(providerId, route, secrets) {
      // Named one by one: a caller that hands over a whole route with its secrets must not get them stored in the clear.
      const { proxy, proxyUsername, caBundle, certificate, privateNetwork } = route
      write.run({
        provider_id: providerId,
        route: JSON.stringify({ proxy, proxyUsername, caBundle, certificate, privateNetwork }),
        proxy_password: sealed(providerId, 'proxy_password', secrets.proxyPassword),
        private_key: sealed(providerId, 'private_key', secrets.privateKey),
      })
    },
    remove: (providerId) => void drop.run(providerId),
  }
}
