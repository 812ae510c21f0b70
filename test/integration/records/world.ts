import { onTestFinished } from 'vitest'
import { createDynamicRegistration } from '../../../electron/oauth/dynamic-registration.ts'
import { createMetadataReader } from '../../../electron/oauth/metadata.ts'
import { createRevocationSupport } from '../../../electron/oauth/revocation-support.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { createAccessTokenService } from '../../../electron/services/access-token.ts'
import { createEgress } from '../../../electron/services/egress.ts'
import { createRecordHandlers } from '../../../electron/services/handlers-records.ts'
import { createNetworkRoutes } from '../../../electron/services/network-routes.ts'
import type { Caller } from '../../../electron/services/ports.ts'
import { createRecordServices } from '../../../electron/services/records.ts'
import { createRegistrationService } from '../../../electron/services/registrations.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import { contract, type Input, type Output } from '../../../shared/contract.ts'
import type { Account } from '../../../shared/models.ts'
import { world as connectWorld, type WorldOptions } from '../connect/world.ts'

const caller: Caller = { kind: 'page' }

/** Providers, registrations, accounts and sign-ins with real parts, called by the methods of the contract. */
export async function world(options: WorldOptions = {}) {
  const parts = await connectWorld(options)
  const network = createNetwork({ timeoutMs: 5000 })
  onTestFinished(() => network.close())
  const way = { network, clock: parts.clock }
  const egress = createEgress(parts)
  const routes = createNetworkRoutes({ ...parts, egress })
  const registrations = createRegistrationService(parts)
  const handlers = createRecordHandlers(
    createRecordServices({
      ...parts,
      egress,
      routes,
      registrations,
      readMetadata: createMetadataReader(way),
      registerClient: createDynamicRegistration(way),
      canRevoke: createRevocationSupport(way),
    }),
  )
  /** As the dispatch does it: input and answer go through their schemas. */
  async function call<M extends keyof typeof handlers>(method: M, input: Input<M>): Promise<Output<M>> {
    const handler = handlers[method] as (input: unknown, caller: Caller) => unknown
    return contract[method].output.parse(await handler(contract[method].input.parse(input), caller)) as Output<M>
  }
  const settings = (accountId: string) => parts.clientSettings.forAccount(accountId)
  const requests = createRequestService({ ...parts, settings })
  onTestFinished(() => requests.close())
  const accessTokens = createAccessTokenService(parts)
  const view = (reference: string): Account => parts.accounts.view(parts.accounts.resolve(reference))
  return { ...parts, call, view, requests, accessTokens, routes, caller }
}
