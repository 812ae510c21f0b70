import { onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { catalogueOf } from '../../../electron/providers/catalogue.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'
import type { SignInWindows } from '../../../electron/redirects/ports.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { createConnectService } from '../../../electron/services/connect.ts'
import type { PracticeService } from '../../../electron/services/ports.ts'
import { createOwnCatalogue } from '../../../electron/services/provider-catalogue.ts'
import { createTokenService } from '../../../electron/services/tokens.ts'
import type { TokenSet } from '../../../electron/vault/ports.ts'
import { connectInputSchema } from '../../../shared/contract.ts'
import type { Flow, LatchkeyEvent } from '../../../shared/models.ts'
import { appParts } from '../../doubles/app-parts.ts'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  startAuthorizationServer,
} from '../../doubles/authorization-server.ts'
import { type PersonOptions, signInAsPerson } from '../../doubles/person.ts'
import { plainRoutes } from '../../doubles/plain-routes.ts'
import { noLog, registration, unlocked } from '../../unit/vault/support.ts'

export interface WorldOptions {
  server?: AuthorizationServerOptions
  definition?: Partial<Definition>
  windows?: SignInWindows | null
  openBrowser?: (url: string) => Promise<void>
  limits?: { signIn: number; decision: number }
}

/** Nothing here starts a practice provider; its own tests do. */
const noPractice: Pick<PracticeService, 'ensureRunning'> = {
  ensureRunning: () => Promise.reject(new Error('The practice provider is not part of this test.')),
}

/** Sign-ins with real parts: an authorization server, a vault in a file, loopback sockets. Gone with the test. */
export async function world(options: WorldOptions = {}) {
  const server = await startAuthorizationServer(options.server)
  onTestFinished(() => server.close())
  // The server judges by the real time; a test moves this clock ahead of it.
  let ahead = 0
  const clock = {
    now: () => Date.now() + ahead,
    advance: (by: number) => {
      ahead += by
    },
  }
  const { vault } = await unlocked({ clock })
  const definition = server.definition({
    evidence: 'unverified',
    sign_in: { via: 'browser', reason: 'The tests have no window.' },
    ...options.definition,
  })
  const catalogue = createOwnCatalogue(catalogueOf({ 'test.json': definition }), { vault, logger: noLog })
  const events = createEventBus<LatchkeyEvent>()
  const seen: LatchkeyEvent[] = []
  events.on((event) => seen.push(event))
  const opened: string[] = []
  const openBrowser = options.openBrowser ?? (async (url) => void opened.push(url))
  const oauth = createOAuth({ network: createNetwork({ timeoutMs: 5000 }), clock })
  const revocations: TokenSet[] = []
  const clientSettings = createClientSettings({ vault, catalogue, practice: noPractice, routes: plainRoutes })
  const activity = createActivity({ vault, clock, events })
  const settings = (accountId: string) => clientSettings.forAccount(accountId)
  const accounts = createAccountService({ vault, catalogue, clock })
  const judged = appParts({ vault, accounts, catalogue, clientSettings, clock, events, activity, logger: noLog })
  const parts = {
    ...judged,
    vault,
    catalogue,
    clock,
    events,
    oauth: {
      ...oauth,
      revoke: (...call: Parameters<typeof oauth.revoke>) => {
        revocations.push(call[1])
        return oauth.revoke(...call)
      },
    },
    loopback: loopbackRedirects(),
    windows: options.windows ?? null,
    browser: { open: openBrowser },
    practice: noPractice,
    clientSettings,
    tokens: createTokenService({ vault, oauth, settings, clock, events, activity, logger: noLog }),
    accounts,
    activity,
    logger: noLog,
  }
  const connect = createConnectService({ ...parts, ...(options.limits ? { limits: options.limits } : {}) })
  onTestFinished(() => connect.cancelAll())
  vault.registrations.save(newRegistration(server), server.clientSecret)

  const start = (input: Record<string, unknown> = { provider: 'test' }) =>
    connect.start(connectInputSchema.parse(input), { kind: 'page' })

  /** Resolves with the flow once `condition` holds; every change of a flow is announced. */
  const flowWhen = (id: string, condition: (flow: Flow) => boolean) =>
    new Promise<Flow>((resolve) => {
      const look = () => {
        const flow = connect.get(id)
        if (!condition(flow)) return
        stop()
        resolve(flow)
      }
      const stop = events.on((event) => {
        if (event.type === 'flow' && event.flow_id === id) look()
      })
      look()
    })
  const settled = (id: string) =>
    flowWhen(id, ({ state }) => !['preparing', 'waiting_for_person', 'exchanging'].includes(state))

  /** The person signs in; the browser then really goes to the redirect URI. */
  async function answerOf(flow: Flow, person: PersonOptions = {}): Promise<URL> {
    return signInAsPerson(flow.authorization_url ?? '', flow.redirect_uri ?? '', person)
  }
  async function signIn(flow: Flow, person: PersonOptions = {}): Promise<Flow> {
    await fetch(await answerOf(flow, person))
    return settled(flow.id)
  }
  /** A whole sign-in from start to end. */
  const connectAs = async (user: string, input?: Record<string, unknown>) => signIn(await start(input), { user })

  return { ...parts, server, revocations, connect, start, seen, opened, flowWhen, settled, answerOf, signIn, connectAs }
}

function newRegistration(server: AuthorizationServer) {
  return registration({
    id: 'reg_test',
    providerId: 'test',
    name: 'Test',
    clientId: server.clientId,
    clientAuthentication: server.definition().client_authentication[0] ?? 'none',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    variables: {},
    extraHosts: [],
    fallbackExpiry: null,
  })
}
