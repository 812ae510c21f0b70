import { createHash, type KeyObject, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose'
import type Provider from 'oidc-provider'

/** What one request to the API was found to be. */
export interface Judged {
  method: string
  scheme: string
  status: number
  /** Why it was refused. */
  reason: string | null
  headers: IncomingMessage['headers']
}

export interface StrictApi {
  judged: Judged[]
  /** The nonce that proofs have to hold from now on (RFC 9449 9). */
  changeNonce(): void
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/**
 * `/api/me` of a resource server that checks what it is shown: JWT access tokens by their signature, opaque ones at the
 * server, the key or certificate that a token is bound to (RFC 9449 7, RFC 8705 3), and every member of a proof.
 */
export function createStrictApi(
  provider: Provider,
  { issuer, publicKey, dpop }: { issuer: string; publicKey: KeyObject; dpop: boolean },
): StrictApi {
  const judged: Judged[] = []
  const proofs = new Set<string>()
  let nonce = randomBytes(12).toString('base64url')

  async function facts(token: string): Promise<{ sub: string; jkt?: string; x5t?: string } | null> {
    if (token.split('.').length === 3) {
      const { payload } = await jwtVerify(token, publicKey, { issuer })
      const cnf = (payload.cnf ?? {}) as { jkt?: string; 'x5t#S256'?: string }
      return { sub: payload.sub ?? '', jkt: cnf.jkt, x5t: cnf['x5t#S256'] }
    }
    const found = await provider.AccessToken.find(token)
    return found ? { sub: found.accountId, jkt: found.jkt, x5t: found['x5t#S256'] } : null
  }

  async function judge(
    request: IncomingMessage,
  ): Promise<{ status: number; error?: string; reason?: string; sub?: string }> {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
    const known = await facts(token).catch(() => null)
    if (!known) return { status: 401, error: 'invalid_token', reason: 'unknown token' }
    if (known.x5t && known.x5t !== certificateOf(request)) {
      return { status: 401, error: 'invalid_token', reason: 'another certificate' }
    }
    if (!known.jkt)
      return scheme === 'Bearer' && !dpop
        ? { status: 200, sub: known.sub }
        : { status: 401, error: 'invalid_token', reason: 'not bound' }
    if (scheme !== 'DPoP') return { status: 401, error: 'invalid_token', reason: 'bound token as Bearer' }
    const proof = request.headers.dpop
    if (typeof proof !== 'string') return { status: 401, error: 'invalid_dpop_proof', reason: 'no proof' }
    let payload: JWTPayload
    try {
      const { payload: claims, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt' })
      if ((await calculateJwkThumbprint(protectedHeader.jwk ?? {})) !== known.jkt) throw new Error('another key')
      payload = claims
    } catch (error) {
      return { status: 401, error: 'invalid_dpop_proof', reason: String(error) }
    }
    if (payload.nonce !== nonce) return { status: 401, error: 'use_dpop_nonce', reason: 'nonce' }
    const url = new URL(
      request.url ?? '/',
      `${(request.socket as TLSSocket).encrypted ? 'https' : 'http'}://${request.headers.host}`,
    )
    const expected = {
      htm: request.method,
      htu: url.origin + url.pathname,
      ath: createHash('sha256').update(token).digest('base64url'),
    }
    for (const [name, value] of Object.entries(expected)) {
      if (payload[name] !== value) return { status: 401, error: 'invalid_dpop_proof', reason: `${name} does not match` }
    }
    if (!payload.jti || proofs.has(payload.jti)) return { status: 401, error: 'invalid_dpop_proof', reason: 'replayed' }
    proofs.add(payload.jti)
    return { status: 200, sub: known.sub }
  }

  return {
    judged,
    changeNonce() {
      nonce = randomBytes(12).toString('base64url')
    },
    async answer(request, response) {
      request.resume()
      const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
      if (pathname === '/api/redirect') {
        response.writeHead(307, { location: searchParams.get('to') ?? '/api/me' }).end()
        return
      }
      const { status, error, reason, sub } = await judge(request)
      const scheme = (request.headers.authorization ?? '').split(' ')[0] ?? ''
      judged.push({ method: request.method ?? '', scheme, status, reason: reason ?? null, headers: request.headers })
      if (error) response.setHeader('www-authenticate', `${dpop ? 'DPoP' : 'Bearer'} error="${error}"`)
      if (dpop) response.setHeader('dpop-nonce', nonce)
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(error ? { error } : { sub }))
    },
  }
}

function certificateOf(request: IncomingMessage): string | undefined {
  const certificate = (request.socket as Partial<TLSSocket>).getPeerX509Certificate?.()
  return certificate && createHash('sha256').update(certificate.raw).digest('base64url')
}
