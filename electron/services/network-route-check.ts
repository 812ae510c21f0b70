import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { NetworkRouteInput } from '../../shared/contract-network.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { NetworkRoute, NetworkRouteSecrets } from '../vault/ports.ts'

/**
 * What the person entered, as it is stored. `stored`: what is there already, for the secrets that are kept.
 *
 * @throws LatchkeyError `invalid_request` naming the field and what to enter.
 */
export function checkNetworkRoute(
  input: NetworkRouteInput,
  stored: NetworkRouteSecrets | null,
): { route: NetworkRoute; secrets: NetworkRouteSecrets } {
  const proxy = checkProxy(input.proxy)
  const usesProxy = proxy !== null && proxy !== 'direct'
  const username = input.proxy_username?.trim() || null
  const password = kept(input.proxy_password, stored?.proxyPassword)
  if (username !== null && !usesProxy) {
    throw invalid('proxy_username', 'Enter the proxy that this user name is for, or leave the user name empty.')
  }
  if (usesProxy && password !== null && username === null) {
    throw invalid('proxy_username', 'Enter the user name that belongs to the proxy’s password.')
  }
  const certificate = pemOrNull(input.certificate)
  const privateKey =
    certificate === null && !input.private_key ? null : kept(input.private_key?.trim(), stored?.privateKey)
  checkClientCertificate(certificate, privateKey)
  return {
    route: {
      proxy,
      proxyUsername: username,
      caBundle: checkBundle(pemOrNull(input.ca_bundle)),
      certificate,
      privateNetwork: input.private_network,
    },
    secrets: { proxyPassword: usesProxy ? password : null, privateKey },
  }
}

function checkProxy(entered: string | null): string | null {
  if (entered === null || entered === '') return null
  if (entered === 'direct') return entered
  const url = URL.canParse(entered) ? new URL(entered) : null
  if (url === null || !['http:', 'https:', 'socks5:'].includes(url.protocol) || url.hostname === '') {
    throw invalid('proxy', 'Write the proxy as http://host:port, https://host:port or socks5://host:port, or “direct”.')
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('proxy', 'Leave user name and password out of the proxy’s URL: they have fields of their own.')
  }
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw invalid('proxy', 'A proxy has a host and a port, but no path.')
  }
  // SOCKS has no default port in the URL parser; 1080 is the one that IANA assigned.
  const port = url.port === '' && url.protocol === 'socks5:' ? ':1080' : ''
  return `${url.protocol}//${url.host}${port}`
}

function kept(entered: string | undefined, stored: string | null | undefined): string | null {
  return entered === undefined ? (stored ?? null) : entered === '' ? null : entered
}

const pemOrNull = (text: string | null) => (text === null || text.trim() === '' ? null : `${text.trim()}\n`)

const certificateBlocks = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

function checkBundle(bundle: string | null): string | null {
  if (bundle === null) return null
  if (bundle.includes('PRIVATE KEY-----')) {
    throw invalid('ca_bundle', 'This holds a private key. Enter only the certificates of the authorities.')
  }
  const certificates = parse(bundle, 'ca_bundle')
  const leaf = certificates.find((certificate) => !certificate.ca && certificate.subject !== certificate.issuer)
  if (leaf !== undefined) {
    throw invalid(
      'ca_bundle',
      'One of these is a server’s certificate, not that of an authority. Enter the authority’s.',
    )
  }
  return bundle
}

/** Every certificate in the text, in order. */
function parse(text: string, field: string): X509Certificate[] {
  const blocks = text.match(certificateBlocks) ?? []
  try {
    if (blocks.length === 0) throw new Error('none')
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    throw invalid(field, 'This is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).')
  }
}

function checkClientCertificate(certificate: string | null, privateKey: string | null): void {
  if (certificate === null) {
    if (privateKey !== null) throw invalid('certificate', 'Enter the certificate that belongs to the private key.')
    return
  }
  const [leaf] = parse(certificate, 'certificate')
  if (privateKey === null) throw invalid('private_key', 'Enter the private key that belongs to the certificate.')
  const key = readKey(privateKey)
  if (leaf?.checkPrivateKey(key) !== true) {
    throw invalid('private_key', 'This private key does not belong to the certificate.')
  }
}

function readKey(privateKey: string) {
  try {
    return createPrivateKey(privateKey)
  } catch {
    // OpenSSL's words may repeat parts of the key.
    const locked = privateKey.includes('ENCRYPTED')
    throw invalid(
      'private_key',
      locked
        ? 'This private key is locked with a passphrase. Unlock it first: the vault encrypts it anyway.'
        : 'This is not a private key in PEM form (-----BEGIN PRIVATE KEY-----).',
    )
  }
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
