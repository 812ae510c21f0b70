import { type Dispatcher, EnvHttpProxyAgent, Pool, ProxyAgent, Socks5ProxyAgent } from 'undici'
import type { Route } from './ports.ts'
import { type TlsOptions, tlsOptions } from './tls.ts'

/** A proxy has this long to take a connection and to answer CONNECT. */
const proxyTimeout = 15_000
// Our own timeout covers headers and body, so undici's longer ones are off.
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 }

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`

/**
 * Connections through a provider's own proxy: CONNECT (RFC 9110 9.3.6) for `http:` and `https:`, SOCKS5 (RFC 1928, with
 * user name and password as in RFC 1929) for `socks5:`. The proxy looks the names up.
 */
export function proxyDispatcher(
  route: Route & { proxy: NonNullable<Route['proxy']> },
  connections: number,
): Dispatcher {
  const { url, username, password } = route.proxy
  const requestTls = { ...tlsOptions(route), timeout: proxyTimeout }
  if (url.startsWith('socks5:')) {
    // requestTls is an option of it that its types leave out.
    const options: Socks5ProxyAgent.Options & { requestTls: TlsOptions } = { username, password, requestTls }
    return new Socks5ProxyAgent(url, options)
  }
  // The proxy may be signed by the same private authority, but it is not shown the client certificate.
  const proxyTls = { ...tlsOptions({ caBundle: route.caBundle }), timeout: proxyTimeout }
  return new ProxyAgent({
    ...noTimeouts,
    uri: url,
    ...(username === undefined ? {} : { token: basic(username, password ?? '') }),
    requestTls,
    proxyTls,
    connections,
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: proxyTimeout }),
  })
}

/** `proxy.example:3128`, as other programs take it, is an http proxy. */
const withScheme = (value: string | undefined) =>
  value === undefined || value === '' || value.includes('://') ? value : `http://${value}`

/** The proxy that the environment names for requests of this scheme, or null. */
function proxies(env: NodeJS.ProcessEnv): { http: string | null; https: string | null } {
  const http = withScheme(env.http_proxy || env.HTTP_PROXY) || null
  return { http, https: withScheme(env.https_proxy || env.HTTPS_PROXY) || http }
}

/**
 * Connections as the system has them: through HTTPS_PROXY or HTTP_PROXY (either case, the lower one first), except to
 * what NO_PROXY names. `direct` is how a connection without a proxy is made. null: the environment names no proxy.
 *
 * @throws TypeError when the environment's proxy is not a URL.
 */
export function systemProxyDispatcher(
  route: Pick<Route, 'caBundle' | 'certificate' | 'privateKey'>,
  direct: Record<string, unknown>,
  connections: number,
  env: NodeJS.ProcessEnv,
): Dispatcher | null {
  const { http, https } = proxies(env)
  if (https === null) return null
  return new EnvHttpProxyAgent({
    ...noTimeouts,
    httpProxy: http ?? '',
    httpsProxy: https,
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    connect: direct,
    requestTls: { ...tlsOptions(route), timeout: proxyTimeout },
    proxyTls: { ...tlsOptions({ caBundle: route.caBundle }), timeout: proxyTimeout },
    connections,
  })
}
