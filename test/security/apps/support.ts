import type http from 'node:http'
import { onTestFinished } from 'vitest'
import type { Caller } from '../../../electron/services/ports.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import type { TokenSet } from '../../../electron/vault/ports.ts'
import { requestInputSchema } from '../../../shared/contract.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { startServer } from '../../integration/requests/world.ts'
import { world } from '../../unit/services/apps/support.ts'
import { noLog, tokens } from '../../unit/vault/support.ts'

export * from '../../unit/services/apps/support.ts'

export const theToken = 'the-access-token-of-ada'

type Answer = Parameters<typeof startServer>[0]

/** Apps that send requests to an API on loopback, with the real gate. */
export async function requesting(
  answer: Answer,
  options: { queryParameter?: string; fresh?: () => Promise<TokenSet> } = {},
) {
  const api = await startServer(answer)
  const it = await world({ hosts: [api.host] })
  const uses: unknown[] = []
  const service = createRequestService({
    ...it,
    settings: async () => ({
      definition: {
        ...it.catalogue.get('github'),
        api: {
          base_url: api.base,
          hosts: [api.host],
          private_network: false,
          header: { name: 'Authorization', prefix: 'Bearer ' },
          ...(options.queryParameter === undefined ? {} : { query_parameter: options.queryParameter }),
        },
      },
      clientId: 'client',
      clientSecret: null,
      clientAuthentication: 'none',
      variables: {},
      fallbackExpiry: null,
    }),
    tokens: {
      fresh: async () => ({
        tokens: (await options.fresh?.()) ?? tokens({ accessToken: theToken, expiresAt: null }),
        refreshed: false,
      }),
    },
    audit: { use: (use) => uses.push(use) },
    logger: noLog,
  })
  onTestFinished(() => service.close())
  const send = (caller: Caller, request: Record<string, unknown>) =>
    service.send('practice:ada', requestInputSchema.parse(request), caller)
  return { ...it, api, send, service, uses }
}

export const ok = (_: unknown, response: http.ServerResponse) => void response.end('{}')

/** What an app is told, with the code of the question, which differs each time, taken out. */
export function wording(error: unknown): string {
  if (!(error instanceof LatchkeyError)) throw error
  return JSON.stringify(error.toWire()).replace(/[2-9B-Z]{4}-[2-9B-Z]{4}/g, 'CODE')
}
