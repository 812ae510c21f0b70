import { allowInsecureRequests, customFetch, discovery, None, type ServerMetadata } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network, Route } from '../platform/ports.ts'
import { createExchange } from './exchange.ts'
import { latchkeyCause } from './flow-failure.ts'

/** What an authorization server says of itself, and by which document. */
export interface FoundMetadata {
  issuer: string
  discovery: 'oidc' | 'oauth2'
  /** The address of the document. */
  source: string
  metadata: ServerMetadata
}

export type MetadataReader = (issuer: URL, options: { signal: AbortSignal; route: Route }) => Promise<FoundMetadata>

/** The way of each kind of document to its address: behind the issuer's path, or between its host and path. */
const kinds = ['oidc', 'oauth2'] as const

/**
 * Reads the metadata of an issuer (OpenID Connect Discovery 1.0 4, then RFC 8414 3), which must name itself as that
 * issuer. Throws `invalid_request` with field `issuer`, or what the network throws.
 */
export function createMetadataReader(parts: { network: Network; clock: Clock }): MetadataReader {
  return async (issuer, { signal, route }) => {
    let reason = ''
    for (const kind of kinds) {
      const exchange = createExchange({ ...parts, signal, route })
      let source = issuer.href
      try {
        const config = await discovery(issuer, 'none', undefined, None(), {
          algorithm: kind,
          execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
          [customFetch]: (url, options) => {
            source = url
            return exchange.fetch(url, options)
          },
        })
        const metadata = config.serverMetadata()
        return { issuer: metadata.issuer, discovery: kind, source, metadata }
      } catch (error) {
        const known = latchkeyCause(error)
        if (known) throw known
        reason ||= reasonOf(error)
      }
    }
    throw new LatchkeyError('invalid_request', `No metadata of an authorization server was found. ${reason}`, {
      field: 'issuer',
      action: { text: 'Check the issuer in the documentation of the provider, or enter the endpoints by hand.' },
    })
  }
}

/** The answer itself stays out: it may hold anything. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Response)
    return `${new URL(cause.url || 'about:blank').host || 'The server'} answered ${cause.status}.`
  if (isMismatch(cause)) {
    return `The document there is that of another issuer${typeof cause.body.issuer === 'string' ? `, ${cause.body.issuer.slice(0, 300)}` : ''}.`
  }
  return 'What answered is not such a document.'
}

function isMismatch(cause: unknown): cause is { body: { issuer?: unknown } } {
  if (typeof cause !== 'object' || cause === null || !('attribute' in cause) || cause.attribute !== 'issuer')
    return false
  return 'body' in cause && typeof cause.body === 'object' && cause.body !== null
}
