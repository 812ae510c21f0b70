import tls from 'node:tls'
import type { Route } from './ports.ts'

/**
 * The authorities that this runtime trusts. Node 22.15 and later can name what `NODE_EXTRA_CA_CERTS` added as well;
 * before that, `rootCertificates` is what there is.
 */
function trusted(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'default') => string[] }
  return getCACertificates?.('default') ?? tls.rootCertificates
}

/** What a connection is made with: for `tls.connect`, undici's `connect`, `requestTls` and `proxyTls`. */
export interface TlsOptions {
  /** Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment switches nothing off here. */
  rejectUnauthorized: true
  secureContext?: tls.SecureContext
}

/**
 * The TLS settings of a route: its CA bundle beside the authorities that are trusted anyway, and its client certificate.
 * The context is made once, because parsing all authorities for each connection would be slow.
 *
 * @throws What OpenSSL says of a PEM that it cannot use; services/network-routes.ts keeps such a one out.
 */
export function tlsOptions(route: Pick<Route, 'caBundle' | 'certificate' | 'privateKey'>): TlsOptions {
  const { caBundle, certificate, privateKey } = route
  if (caBundle === undefined && certificate === undefined) return { rejectUnauthorized: true }
  const secureContext = tls.createSecureContext({
    ...(caBundle === undefined ? {} : { ca: [...trusted(), caBundle] }),
    ...(certificate === undefined ? {} : { cert: certificate, key: privateKey }),
  })
  return { rejectUnauthorized: true, secureContext }
}
