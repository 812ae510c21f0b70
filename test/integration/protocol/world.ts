import { onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { systemClock as clock } from '../../../electron/platform/clock.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { catalogueOf } from '../../../electron/providers/catalogue.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'
import type { SignInWindows } from '../../../electron/redirects/ports.ts'
import { createAccessTokenService } from '../../../electron/services/access-token.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { createConnectService } from '../../../electron/services/connect.ts'
import type { Caller, PracticeService } from '../../../electron/services/ports.ts'
import { createRequestService } from '../../../electron/services/requests.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import type { RegistrationCredentials, RegistrationOptions } from '../../../electron/vault/ports.ts'
import { connectInputSchema, requestInputSchema } from '../../../shared/contract.ts'
import type { Flow, LatchkeyEvent } from '../../../shared/models.ts'
import { appParts } from '../../doubles/app-parts.ts'
import { type PersonOptions, walkToRedirect } from '../../doubles/person.ts'
import { plainRoutes } from '../../doubles/plain-routes.ts'
import { noLog, registration, unlocked } from '../../unit/vault/support.ts'

/** One client at one provider, as a person would have entered it. */
export interface Client {
  definition: Definition
  clientId: string
  clientSecret?: string | null
  clientAuthentication?: string
  options?: RegistrationOptions
  credentials?: RegistrationCredentials
  scopes?: string[]
}

export interface WorldOptions {
  windows?: SignInWindows
  /** Trusted besides the system's authorities, as a network route has it. */
  caBundle?: string
}

const noPractice: Pick<PracticeService, 'ensureRunning'> = {
  ensureRunning: () => Promise.reject(new Error('The practice provider is not part of this test.')),
}
const owner: Caller = { kind: 'owner' }

/** Everything between the page and the sockets, with real parts. Each client is registered as `reg_<provider>`. */
export async function world(clients: Client[], options: WorldOptions = {}) {
  const { vault } = await unlocked({ clock })
  const catalogue = catalogueOf(
    Object.fromEntries(clients.map(({ definition }) => [`${definition.id}.json`, definition])),
  )
  const events = createEventBus<LatchkeyEvent>()
  const network = createNetwork({ timeoutMs: 5000 })
  const oauth = createOAuth({ network, clock })
  const activity = createActivity({ vault, clock, events })
  const routes: typeof plainRoutes = {
    forProvider: (...of) => ({
      ...plainRoutes.forProvider(...of),
      ...(options.caBundle ? { caBundle: options.caBundle } : {}),
    }),
  }
  const clientSettings = createClientSettings({ vault, catalogue, practice: noPractice, routes })
  const settings = (accountId: string) => clientSettings.forAccount(accountId)
  const accounts = createAccountService({ vault, catalogue, clock })
  const logger = noLog
  const { all: _, ...judged } = appParts({
    vault,
    accounts,
    catalogue,
    clientSettings,
    clock,
    events,
    activity,
    logger,
  })
  const shared = { ...judged, vault, clock, events, activity, accounts, logger }
  const tokens = createTokenService({ ...shared, oauth, settings })
  const requests = createRequestService({ ...shared, settings, tokens })
  const connect = createConnectService({
    ...shared,
    catalogue,
    oauth,
    tokens,
    clientSettings,
    practice: noPractice,
    loopback: loopbackRedirects(),
    windows: options.windows ?? null,
    browser: { open: async () => {} },
  })
  onTestFinished(async () => {
    await connect.cancelAll()
    await requests.close()
    await network.close()
  })
  for (const client of clients) {
    const id = `reg_${client.definition.id}`
    vault.registrations.save(
      registration({
        id,
        providerId: client.definition.id,
        name: client.definition.name,
        clientId: client.clientId,
        clientAuthentication: client.clientAuthentication ?? client.definition.client_authentication[0] ?? 'none',
        scopes: client.scopes ?? ['openid', 'profile', 'email', 'offline_access'],
        variables: {},
        extraHosts: [],
        fallbackExpiry: null,
        options: client.options ?? {},
      }),
      client.clientSecret ?? null,
    )
    if (client.credentials) vault.registrations.setCredentials(id, client.credentials)
  }

  const start = (input: Record<string, unknown> = { provider: clients[0]?.definition.id }) =>
    connect.start(connectInputSchema.parse(input), owner)

  /** Resolves once nothing more happens by itself. */
  const settled = (id: string) =>
    new Promise<Flow>((resolve) => {
      const look = () => {
        const flow = connect.get(id)
        if (['preparing', 'waiting_for_person', 'exchanging'].includes(flow.state)) return
        stop()
        resolve(flow)
      }
      const stop = events.on((event) => event.type === 'flow' && event.flow_id === id && look())
      look()
    })

  /** The person signs in; the browser then really goes to the redirect URI, by GET or by the form it is told to post. */
  async function signIn(flow: Flow, person: PersonOptions = {}): Promise<Flow> {
    if (flow.state !== 'waiting_for_person') return flow
    const answer = await walkToRedirect(flow.authorization_url ?? '', flow.redirect_uri ?? '', person)
    await deliver(answer)
    return settled(flow.id)
  }

  return {
    vault,
    connect,
    requests,
    tokens,
    oauth,
    clientSettings,
    start,
    settled,
    signIn,
    accessTokens: createAccessTokenService({ ...shared, tokens }),
    connectAs: async (user: string, input?: Record<string, unknown>) => signIn(await start(input), { user }),
    send: (account: string, request: Record<string, unknown>) =>
      requests.send(account, requestInputSchema.parse(request), owner),
    /** Ends the account's grant at the provider, as removing it does. */
    async revoke(accountId: string) {
      const stored = vault.tokens.get(accountId)
      if (!stored) throw new Error('There is nothing to revoke.')
      return oauth.revoke(await settings(accountId), stored, { signal: AbortSignal.timeout(5000) })
    },
  }
}

/** What a browser does with an answer: it goes there, and what stands in the fragment only a script sees. */
export async function deliver({ url, form }: { url: URL; form: URLSearchParams | null }): Promise<Response> {
  if (form) return fetch(url, { method: 'POST', body: form, headers: { origin: 'https://provider.example' } })
  const page = await fetch(url)
  if (url.hash === '' || !(await page.clone().text()).includes('<script>')) return page
  const body = new URLSearchParams({ fragment: url.hash.slice(1) })
  return fetch(url.origin + url.pathname, { method: 'POST', body, headers: { origin: url.origin } })
}
