import { allowInsecureRequests, Configuration, customFetch, fetchProtectedResource, None } from 'openid-client'
import { dpopHandle } from '../oauth/dpop.ts'
import type { Headers } from './headers.ts'

/** What of an answer tells whether the API wants a nonce in the proof. */
interface Answer {
  status: number
  headers: Headers
}

/** Sends requests with one account's key. Remembers the nonces of the APIs it talks to. */
export interface DpopSigner {
  /**
   * Sends a request with the token and a proof for this very request (RFC 9449 7.1: method, address, time and the token's
   * hash), once more when the API wants its nonce in it (RFC 9449 9).
   *
   * @param transport Sends it with these headers besides its own; called once or twice.
   */
  send<A extends Answer>(
    request: { method: string; url: URL },
    accessToken: string,
    transport: (headers: Headers) => Promise<A>,
  ): Promise<A>
}

/** @param key The account's private JWK as JSON (oauth/dpop.ts). */
export async function createDpopSigner(key: string): Promise<DpopSigner> {
  const handle = await dpopHandle(newConfiguration(), key)
  if (!handle) throw new Error('There is no key to make proofs with.')
  return {
    async send<A extends Answer>(
      request: { method: string; url: URL },
      accessToken: string,
      transport: (headers: Headers) => Promise<A>,
    ): Promise<A> {
      // One for each call, as it carries the transport; the nonces are in the handle.
      const config = newConfiguration()
      const answers: A[] = []
      let failure: unknown = null
      config[customFetch] = async (_url, { headers }) => {
        try {
          const { authorization = '', dpop = '' } = Object.fromEntries(new globalThis.Headers(headers))
          const answer = await transport({ authorization, dpop })
          answers.push(answer)
          return told(answer)
        } catch (error) {
          failure = error
          throw error
        }
      }
      const sent = fetchProtectedResource(config, accessToken, request.url, request.method, undefined, undefined, {
        DPoP: handle,
      })
      // A challenge (401) is the caller's to read, as from any API.
      const error = await sent.then(
        () => null,
        (reason: unknown) => reason,
      )
      const answer = answers.at(-1)
      if (failure !== null) throw failure
      if (answer === undefined) throw error ?? new Error('The request was not sent.')
      return answer
    },
  }
}

/** openid-client wants a server; proofs depend on none. Plain http has been judged by the destination policy. */
function newConfiguration(): Configuration {
  const config = new Configuration({ issuer: 'https://resource.invalid' }, 'signed-requests', undefined, None())
  allowInsecureRequests(config)
  return config
}

/** What openid-client looks at: nonce and challenge. */
function told({ status, headers }: Answer): Response {
  const seen = new globalThis.Headers()
  for (const name of ['dpop-nonce', 'www-authenticate']) if (headers[name] !== undefined) seen.set(name, headers[name])
  return new Response(null, { status, headers: seen })
}
