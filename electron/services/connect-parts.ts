import type { OAuth } from '../oauth/ports.ts'
import type { Browser, Logger } from '../platform/ports.ts'
import type { LoopbackRedirects, SignInWindows } from '../redirects/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { FlowOwners } from './apps/index.ts'
import type { ClientSettingsService } from './client-settings.ts'
import type { TargetParts } from './connect-target.ts'
import type { AccountService, Events, TokenService } from './ports.ts'
import type { AppService } from './ports-apps.ts'

/** What the sign-ins are made of. */
export interface ConnectParts extends TargetParts {
  oauth: Pick<
    OAuth,
    'beginAuthorization' | 'finishAuthorization' | 'obtain' | 'beginDevice' | 'finishDevice' | 'revoke'
  >
  /** For token exchange: the token of the other account. */
  tokens: Pick<TokenService, 'fresh'>
  loopback: LoopbackRedirects
  /** null: this host has no window of its own to sign in with. */
  windows: SignInWindows | null
  browser: Browser
  clientSettings: Pick<ClientSettingsService, 'forRegistration'>
  accounts: AccountService
  /** Whose sign-in it is, when an app started it, and who is told of the account that comes of it. */
  apps: { flows: Pick<FlowOwners, 'note'>; connected: AppService['connected'] }
  events: Events
  activity: Pick<ActivityLog, 'add'>
  logger: Logger
  /** Milliseconds. `signIn`: for the person to sign in. `decision`: to decide about somebody else's account. */
  limits?: { signIn: number; decision: number }
}
