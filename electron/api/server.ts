import type http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import { createCallerFacts } from '../platform/caller-facts.ts'
import { systemClock } from '../platform/clock.ts'
import type { ProfilePaths } from '../platform/paths.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { digest } from '../platform/secrets.ts'
import type { AccessTokenService } from '../services/access-token.ts'
import type { Dispatch, Events, VaultService } from '../services/ports.ts'
import type { AppService, AuditService, EventFilter, PairingService, ProxyService } from '../services/ports-apps.ts'
import { type Doorkeeper, examine } from './admission.ts'
import { createApp, logUnexpected } from './app.ts'
import { addContractRoutes } from './contract-routes.ts'
import { writeEndpoint } from './endpoint-file.ts'
import { createEventStreams } from './event-stream.ts'
import { failureWindow } from './failures.ts'
import { type Arrival, isProxied } from './guard.ts'
import { type ApiLimits, defaultLimits } from './limits.ts'
import { createServer, limitBody, listenOnLoopback, listenOnSocket, mayGoOn, stop } from './listeners.ts'
import { readOwnerKey } from './owner-key.ts'
import { loadPageFiles, noPageFiles } from './page-files.ts'
import { addPageRoutes } from './page-routes.ts'
import { createPageSessions } from './page-session.ts'
import { addPairRoutes } from './pair-routes.ts'
import { addProgramRoutes } from './program-routes.ts'
import { createProxyRoute } from './proxy-route.ts'
import { baseHeaders, refuse } from './refusal.ts'
import { createTurns } from './turns.ts'
import { type CallerOf, createCallers, createOrigin, visits } from './visit.ts'

export interface ApiParts {
  dispatch: Dispatch
  services: {
    accessTokens: AccessTokenService
    vault: Pick<VaultService, 'status'>
    pairing: Pick<PairingService, 'pair' | 'look' | 'authenticate'>
    apps: Pick<AppService, 'get'>
    audit: Pick<AuditService, 'export'>
    sees: EventFilter
    proxy: ProxyService
    /** Calls back when the app is revoked; returns the way to stop. */
    onEnded: (appId: string, listener: () => void) => () => void
  }
  events: Events
  paths: Pick<ProfilePaths, 'ownerKey' | 'endpoint' | 'socket'>
  /** The built page, for the headless host. */
  page: { dir: string } | null
  logger: Logger
  version: string
  /** The port to try first, 47321 by default; a free one is taken when it is not to be had. */
  port?: number
  limits?: Partial<ApiLimits>
  clock?: Clock
}

export interface Api {
  /** `http://127.0.0.1:PORT` */
  http: string
  /** The path of the socket, or the name of the pipe. */
  socket: string
  /** A new link to the headless page: works once, for ten minutes. Throws `not_found` where there is no such page. */
  oneTimeLink(): string
  close(): Promise<void>
}

/**
 * Starts the local API: one router behind a loopback HTTP server and a socket, and the guard in front of both. Writes the
 * owner key when there is none, and the endpoint file once both listen.
 */
export async function startApi(parts: ApiParts): Promise<Api> {
  const { logger, paths, services, dispatch } = parts
  const clock = parts.clock ?? systemClock
  const limits = { ...defaultLimits, ...parts.limits }
  const sessions = createPageSessions(clock)
  const files = parts.page === null ? noPageFiles : await loadPageFiles(parts.page.dir)
  const failures = () => failureWindow({ limit: limits.failures, window: limits.failureWindow, clock })
  const door: Doorkeeper = {
    ownerKey: digest(readOwnerKey(paths.ownerKey, logger)),
    sessions,
    pairing: services.pairing,
    isFile: files.has,
    failures: { http: failures(), socket: failures() },
  }
  const streams = createEventStreams(parts.events, { sees: services.sees, mostPerApp: limits.streamsPerApp })
  const callers = createCallers(services.onEnded)
  const callerOf: CallerOf = ({ raw }, reply) => {
    const visit = visits.get(raw)
    if (visit === undefined) throw new Error('The guard did not see this request.')
    return callers.of(visit, raw, reply.raw)
  }
  const lookUp = createCallerFacts()
  const proxy = createProxyRoute({ proxy: services.proxy, callers, logger })
  let httpHost = ''
  const oneTimeLink = () => {
    if (parts.page === null) throw new LatchkeyError('not_found', 'The page of this host is in its own window.')
    // In the fragment, which browsers keep to themselves: it stands in no request line, Referer or log.
    return `http://${httpHost}/#link=${sessions.newLink()}`
  }

  const app = createApp({ limits, logger, visits })
  addContractRoutes(app, { dispatch, callerOf, limits })
  addPairRoutes(app, { pairing: services.pairing, visits, failures: door.failures })
  addProgramRoutes(app, {
    ...services,
    dispatch,
    callerOf,
    streams,
    version: parts.version,
    httpUrl: () => `http://${httpHost}`,
    oneTimeLink,
  })
  if (parts.page !== null) {
    addPageRoutes(app, {
      dispatch,
      callerOf,
      sessions,
      streams,
      failures: door.failures.http,
      visits,
      limits,
      logger,
    })
  }
  await app.ready()

  const turns = createTurns(limits)
  const receive = (transport: Arrival['transport']) => (request: IncomingMessage, response: ServerResponse) => {
    const proxied = isProxied(request.url ?? '')
    // What streams may take its time, as long as it moves.
    if (!proxied) limitBody(request, limits.requestTimeout)
    try {
      const admission = examine(arrival(transport, request, httpHost), door)
      turns.take(admission, response)
      if (admission.as === 'file') {
        files.send(admission.path, request.method ?? 'GET', response).catch((error: unknown) => {
          logUnexpected(logger, error)
          response.destroy()
        })
        return
      }
      const visit = { admission, origin: createOrigin(transport, request, lookUp) }
      if (proxied) return proxy(visit, request, response)
      for (const [name, value] of Object.entries(baseHeaders)) response.setHeader(name, value)
      visits.set(request, visit)
      mayGoOn(request, response)
      app.routing(request, response)
    } catch (error) {
      if (error instanceof LatchkeyError) refuse(response, error)
      else {
        logUnexpected(logger, error)
        response.destroy()
      }
    }
  }

  const servers: http.Server[] = []
  let removeEndpoint = () => {}
  const close = async () => {
    removeEndpoint()
    streams.close()
    await Promise.all(servers.map(stop))
    await app.close()
  }
  try {
    for (const transport of ['http', 'socket'] as const) servers.push(createServer(limits, receive(transport), true))
    const [loopback, socket] = servers as [http.Server, http.Server]
    httpHost = await listenOnLoopback(loopback, parts.port ?? 47321)
    await listenOnSocket(socket, paths.socket)
    removeEndpoint = writeEndpoint(paths.endpoint, {
      version: 1,
      pid: process.pid,
      http: `http://${httpHost}`,
      socket: paths.socket,
    })
  } catch (error) {
    await close()
    throw error
  }
  return { http: `http://${httpHost}`, socket: paths.socket, oneTimeLink, close }
}

function arrival(transport: Arrival['transport'], request: IncomingMessage, httpHost: string): Arrival {
  return {
    transport,
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    httpHost,
  }
}
