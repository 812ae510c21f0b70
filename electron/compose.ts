import type { AppInfo, LatchkeyEvent } from '../shared/models.ts'
import { createHooksListener, type HooksListener } from './api/hooks-listener.ts'
import { baseHeaders } from './api/refusal.ts'
import { type Api, startApi } from './api/server.ts'
import { createDynamicRegistration } from './oauth/dynamic-registration.ts'
import { createMetadataReader } from './oauth/metadata.ts'
import { createOAuth } from './oauth/oauth.ts'
import { createRevocationSupport } from './oauth/revocation-support.ts'
import { systemClock } from './platform/clock.ts'
import { createEventBus } from './platform/events.ts'
import { createLogger } from './platform/logger.ts'
import { createNetwork } from './platform/network.ts'
import type { ProfilePaths } from './platform/paths.ts'
import type { Browser, Logger } from './platform/ports.ts'
import { noPowerEvents, type PowerEvents } from './platform/power.ts'
import { listProfiles } from './platform/profiles.ts'
import { loadCatalogue } from './providers/catalogue.ts'
import { loopbackRedirects } from './redirects/loopback.ts'
import type { SignInWindows } from './redirects/ports.ts'
import { createAccessTokenService } from './services/access-token.ts'
import { createAccountService } from './services/accounts.ts'
import { createActivity } from './services/activity.ts'
import { createApps } from './services/apps/index.ts'
import { createAudit } from './services/audit.ts'
import { createBackups } from './services/backups.ts'
import { createBadge } from './services/badge.ts'
import { createClientSettings } from './services/client-settings.ts'
import { createConnectService } from './services/connect.ts'
import { createDestinations } from './services/destinations.ts'
import { createDispatch } from './services/dispatch.ts'
import { createLatchkeyDoctor } from './services/doctor/index.ts'
import { createEditLock } from './services/edit-lock.ts'
import { createEgress } from './services/egress.ts'
import { createHandlers } from './services/handlers.ts'
import { createProtectionHandlers } from './services/handlers-protection.ts'
import { createAutoLock } from './services/lock/auto-lock.ts'
import { createLockControl } from './services/lock/lock-control.ts'
import { watchUses } from './services/lock/uses.ts'
import { noLastingKeys, tellMemoryOnly } from './services/memory-only.ts'
import { createNetworkRoutes } from './services/network-routes.ts'
import { createPassphraseThrottle } from './services/passphrase-throttle.ts'
import type { Dispatch, Events } from './services/ports.ts'
import { createPracticeService } from './services/practice/service.ts'
import { createOwnCatalogue } from './services/provider-catalogue.ts'
import { createProxyService } from './services/proxy.ts'
import { createRecordServices } from './services/records.ts'
import { createRegistrationService } from './services/registrations.ts'
import { createRequestService } from './services/requests.ts'
import { createTemplatePreview } from './services/template-preview.ts'
import { createTokenService } from './services/tokens.ts'
import { createValidationService } from './services/validation.ts'
import { createVaultService } from './services/vault.ts'
import { createVaultExport } from './services/vault-export/service.ts'
import { createVaultKeys } from './services/vault-keys.ts'
import { createWebhookService } from './services/webhooks/service.ts'
import { inMemory } from './vault/database.ts'
import { memoryGuard } from './vault/memory-guard.ts'
import type { KeyGuard } from './vault/ports.ts'
import { lockProfile } from './vault/profile-lock.ts'
import { openVault } from './vault/vault.ts'

/** What a host decides: everything else is the same for both (DESIGN section 4). */
export interface HostParts {
  host: AppInfo['host']
  version: string
  paths: ProfilePaths
  browser: Browser
  windows: SignInWindows | null
  /** The key guard that needs no person, or null. */
  automaticGuard: KeyGuard | null
  /** Others that need no person: they open a vault that has a slot of theirs, and can be added to one. */
  otherGuards?: readonly KeyGuard[]
  /** A new vault waits for a passphrase, whatever guard there is. */
  passphraseFirst?: boolean
  /** The vault is in memory and ends with the process; its key is stored nowhere. */
  memoryOnly?: boolean
  /** What the operating system tells of sleep and a locked screen. */
  power?: PowerEvents
  /** Where the built page lies, for the headless host to serve. */
  pageDir: string | null
}

export interface Latchkey {
  dispatch: Dispatch
  events: Events
  api: Api
  logger: Logger
  /** Ends flows, servers and the practice provider, forgets the keys, frees the profile. */
  close(): Promise<void>
}

/**
 * Builds the parts and wires them: the one place, besides the two entries, that knows concrete classes.
 * Throws `ProfileInUse` when another process holds the profile.
 */
export async function compose(parts: HostParts): Promise<Latchkey> {
  const { paths, version, host } = parts
  const clock = systemClock
  const profileLock = lockProfile(paths.lock)
  const closers: (() => unknown)[] = [() => profileLock.release()]
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step()
  }

  try {
    const logger = createLogger({ file: paths.log })
    const events = createEventBus<LatchkeyEvent>()
    const network = createNetwork({})
    closers.push(() => network.close())
    const memoryOnly = parts.memoryOnly ?? false
    const vault = openVault({ file: memoryOnly ? inMemory : paths.vault, clock, logger })
    const automaticGuard = memoryOnly ? memoryGuard() : parts.automaticGuard
    const otherGuards = memoryOnly ? [] : (parts.otherGuards ?? [])
    const catalogue = createOwnCatalogue(loadCatalogue(), { vault, logger })
    closers.push(() => vault.close())

    const activity = createActivity({ vault, clock, events })
    const lockControl = createLockControl({ vault, activity })
    const autoLock = createAutoLock({
      settings: lockControl.get,
      onSettings: lockControl.onChange,
      isOpen: () => vault.status().state === 'unlocked',
      lock: (reason) => vaultService.lock(reason),
      events,
      power: parts.power ?? noPowerEvents,
      clock,
      logger,
    })
    closers.push(() => autoLock.close())
    const uses = watchUses({ autoLock, events, clock })
    const audit = uses.audit(createAudit({ vault, clock, events, catalogue, logger }))
    closers.push(() => audit.close())
    const practice = createPracticeService({ vault, clock, logger })
    closers.push(() => practice.stop())
    const oauth = createOAuth({ network, clock })
    const egress = createEgress({ vault, activity })
    const networkRoutes = createNetworkRoutes({ vault, catalogue, egress, events, activity })
    const clientSettings = createClientSettings({ vault, catalogue, practice, routes: networkRoutes })
    const accounts = createAccountService({ vault, catalogue, clock })
    const destinations = createDestinations({ vault, settings: (accountId) => clientSettings.forAccount(accountId) })
    const apps = createApps({
      vault,
      accounts,
      catalogue,
      clock,
      events,
      activity,
      logger,
      policyFor: async (account) => (await destinations.of(account)).policy,
    })
    closers.push(() => apps.close())
    const tokens = createTokenService({
      vault,
      oauth,
      settings: (accountId) => clientSettings.forAccount(accountId),
      clock,
      events,
      activity,
      logger,
    })
    const registrations = createRegistrationService({ vault, catalogue, clock, events, activity })
    const connect = createConnectService({
      vault,
      catalogue,
      oauth,
      tokens,
      loopback: loopbackRedirects(),
      windows: parts.windows,
      browser: parts.browser,
      clientSettings,
      accounts,
      practice,
      apps: { flows: apps.flows, connected: apps.apps.connected },
      clock,
      events,
      activity,
      logger,
    })
    const requests = createRequestService({
      vault,
      settings: (accountId) => clientSettings.forAccount(accountId),
      gate: apps.gate,
      bindings: apps.bindings,
      tokens,
      audit,
      clock,
      logger,
    })
    closers.push(() => requests.close())
    const proxy = createProxyService({
      gate: apps.gate,
      destinations,
      tokens,
      vault,
      audit,
      events,
      clock,
      logger,
      answerHeaders: Object.entries(baseHeaders).flat(),
    })
    closers.push(() => proxy.close())
    const throttle = createPassphraseThrottle()
    const keptVault = createVaultService({
      vault,
      automaticGuard,
      otherGuards,
      passphraseFirst: !memoryOnly && (parts.passphraseFirst ?? false),
      throttle,
      events,
      activity,
      onLock: async () => {
        await connect.cancelAll()
        await practice.stop()
        // Connections hold the passwords of proxies and the keys of client certificates.
        // What is under way ends first: a refresh may bring a rotated refresh token.
        network.forget()
        requests.forget()
        proxy.forget()
      },
      beforeLock: () => {
        apps.forget()
        audit.flush()
      },
      onUnlock: () => tokens.recover(),
    })
    const vaultService = memoryOnly ? tellMemoryOnly(keptVault) : keptVault
    closers.push(() => connect.cancelAll())
    const guards = [automaticGuard, ...otherGuards].filter((guard) => guard !== null)
    const vaultKeys = createVaultKeys({ vault, guards, activity, throttle })
    const keys = memoryOnly ? noLastingKeys(vaultKeys) : vaultKeys
    const editLock = createEditLock({ vault, passphrase: keys, events, activity, clock })

    const records = createRecordServices({
      vault,
      catalogue,
      accounts,
      registrations,
      tokens,
      connect,
      oauth,
      clientSettings,
      egress,
      routes: networkRoutes,
      readMetadata: createMetadataReader({ network, clock }),
      registerClient: createDynamicRegistration({ network, clock }),
      canRevoke: createRevocationSupport({ network, clock }),
      clock,
      events,
      activity,
      logger,
    })

    let hooks: HooksListener | null = null
    const webhooks = createWebhookService({
      vault,
      network,
      egress,
      clock,
      events,
      activity,
      logger,
      listener: () => hooks,
    })

    const validation = createValidationService({
      vault,
      oauth,
      clientSettings,
      accounts,
      tokens,
      clock,
      events,
      activity,
      logger,
    })
    validation.start()
    closers.push(() => validation.stop())
    const templates = createTemplatePreview({ vault, catalogue, practice, network })

    let api: Api | null = null
    const appInfo = (): AppInfo => ({
      name: 'Latchkey',
      version,
      host,
      platform: process.platform,
      profile: paths.home,
      http: api?.http ?? null,
      socket: api?.socket ?? null,
    })
    const badge = createBadge({ memoryOnly, passphraseInFile: parts.passphraseFirst ?? false })
    const protection = createProtectionHandlers({
      keys,
      lock: lockControl,
      editLock,
      badge,
      backups: createBackups({ vault, vaultService, catalogue, clock, events, activity }),
      vaultExport: createVaultExport({ vault, catalogue, accounts, tokens, clock, events, activity }),
      doctor: createLatchkeyDoctor({
        vault,
        catalogue,
        clientSettings,
        network,
        clock,
        guards,
        badge,
        paths,
        api: () => ({ http: api?.http ?? null, socket: api?.socket ?? null }),
        memoryOnly,
        version,
        host,
        logger,
      }),
      profiles: () => listProfiles(process.env, process.platform, paths.home),
    })
    const handlers = createHandlers({
      appInfo,
      clock,
      vault,
      vaultService,
      catalogue,
      accounts,
      registrations,
      connect,
      tokens,
      requests,
      apps,
      activity,
      audit,
      practice,
      oauth,
      clientSettings,
      network: { routes: networkRoutes, egress },
      custom: { validation, templates },
      webhooks,
      records,
      protection,
      events,
      logger,
    })
    const dispatch = uses.dispatch(createDispatch(handlers, apps.door, editLock))
    await vaultService.openAutomatically()

    const accessTokens = createAccessTokenService({ vault, gate: apps.gate, tokens, audit, clock })
    api = await startApi({
      dispatch,
      services: {
        accessTokens: { get: uses.first(accessTokens.get) },
        vault: vaultService,
        pairing: apps.pairing,
        apps: apps.apps,
        audit,
        sees: apps.sees,
        proxy: { handle: uses.first(proxy.handle) },
        onEnded: apps.onEnded,
      },
      events,
      paths,
      page: parts.pageDir ? { dir: parts.pageDir } : null,
      logger,
      version,
    })
    const started = api
    closers.push(() => started.close())
    const listener = createHooksListener({ webhooks, events, logger })
    hooks = listener
    closers.push(() => listener.close())
    await listener.settled()
    logger.info('started', { host, version, http: api.http })
    return { dispatch, events, api, logger, close }
  } catch (error) {
    await close()
    throw error
  }
}
