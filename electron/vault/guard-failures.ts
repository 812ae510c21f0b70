import { KeyGuardRejected, KeyGuardUnavailable } from './ports.ts'

/**
 * What can keep a key store from giving the key, each with its own sentence and way out. Nothing is deleted or overwritten
 * because of any of them.
 */
export type GuardFailure =
  | 'no_support'
  | 'no_bus'
  | 'no_service'
  | 'no_keyring'
  | 'sandbox'
  | 'portal'
  | 'locked_unattended'
  | 'cancelled'
  | 'silent'
  | 'refused'
  | 'ambiguous'
  | 'public_key'
  | 'failed'

const otherwise = 'Or use a passphrase.'

/** `reason` is what a person sees as the cause, `remedy` as the way out. */
export const guardFailures: Readonly<Record<GuardFailure, { reason: string; remedy: string }>> = {
  no_support: {
    reason: 'Latchkey cannot use the keyring of this kind of system.',
    remedy: 'Use a passphrase.',
  },
  no_bus: {
    reason: 'No keyring can be reached, because this session has no D-Bus.',
    remedy: `Start Latchkey from the session where the keyring runs (DBUS_SESSION_BUS_ADDRESS says where). ${otherwise}`,
  },
  no_service: {
    reason: 'No keyring runs in this session.',
    remedy: `Start one, for example GNOME Keyring, KWallet or KeePassXC, and try again. ${otherwise}`,
  },
  no_keyring: {
    reason: 'The keyring service runs, but it has no keyring to store a key in.',
    remedy: `Sign in to the desktop once, or create a keyring in its password manager, and try again. ${otherwise}`,
  },
  sandbox: {
    reason: 'The keyring cannot be reached from inside the sandbox that Latchkey runs in.',
    remedy: `Allow Latchkey to talk to org.freedesktop.secrets, and start it again. ${otherwise}`,
  },
  portal: {
    reason: 'The portal that keeps secrets for sandboxed apps does not answer.',
    remedy: `Sign out and in again, so that the portal and the keyring behind it start, and try again. ${otherwise}`,
  },
  locked_unattended: {
    reason: 'The keyring is locked, and nothing here can ask for its password.',
    remedy: `Unlock the keyring, for example by signing in to the desktop, and try again. ${otherwise}`,
  },
  cancelled: {
    reason: 'The keyring is locked, and its question for the password was closed without an answer.',
    remedy: `Try again and enter the password of the keyring. ${otherwise}`,
  },
  silent: {
    reason: 'The keyring did not answer in time.',
    remedy: `Look whether it is asking for its password, answer it, and try again. ${otherwise}`,
  },
  refused: {
    reason: 'The system refused Latchkey access to the keyring.',
    remedy: `Allow it in the settings of the keyring or of the system, and try again. ${otherwise}`,
  },
  ambiguous: {
    reason: 'The keyring holds more than one entry for this vault, so none of them is used.',
    remedy: `Remove the one that Latchkey did not write, and try again. ${otherwise}`,
  },
  public_key: {
    reason: 'No system keyring protects this session, so what is stored would be readable by any program.',
    remedy: 'Unlock or set up the system keyring and start Latchkey again, or protect the vault with a passphrase.',
  },
  failed: {
    reason: 'The keyring could not be used.',
    remedy: `Try again. The log of the keyring may name the cause. ${otherwise}`,
  },
}

export function unavailable(failure: GuardFailure): KeyGuardUnavailable {
  const { reason, remedy } = guardFailures[failure]
  return new KeyGuardUnavailable(reason, remedy)
}

/** What the guard found is not what the slot was made with. */
export const rejections = {
  entryGone:
    'The keyring answers, but the key of this vault is no longer in it: it was removed, or the keyring was reset.',
  entryChanged:
    'The keyring answers, but the key that it holds for this vault was changed. It does not open this vault.',
  storeChanged:
    'The system’s key store answers, but its key does not open this vault: it was reset, or this is another user or computer.',
  publicKey: 'The vault’s key is not protected by the system keyring, so it is not used.',
} as const

export const rejected = (why: keyof typeof rejections) => new KeyGuardRejected(rejections[why])

/** The vault was protected by one key store, and another one answers now. */
export function otherStore(before: string, now: string): KeyGuardUnavailable {
  return new KeyGuardUnavailable(
    `The vault was protected with ${before}, but ${now} answers now.`,
    `Start Latchkey in a session with ${before}. Or use a passphrase.`,
  )
}

/** What decides besides the message of the keyring. */
export interface Surroundings {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** Whether something could show a question of the keyring to a person. */
function hasScreen({ env, platform }: Surroundings): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

export function inSandbox({ env }: Surroundings): boolean {
  return Boolean(env.FLATPAK_ID || env.SNAP_NAME || env.container === 'flatpak')
}

/**
 * The first that matches. The library gives one code for everything, so that its messages have to tell; they are those of
 * libdbus and the Secret Service, of Keychain Services (OSStatus -128, -25293, -25308), and of Windows credentials.
 */
const patterns: readonly [RegExp, GuardFailure][] = [
  [/did not receive a reply|NoReply|timed? ?out/i, 'silent'],
  [/AccessDenied|access is denied|not authori[sz]ed|-25293|user name or passphrase/i, 'refused'],
  [/not provided by any|ServiceUnknown|NameHasNoOwner|has no owner/i, 'no_service'],
  [/autolaunch|connect to socket|server address|X11|NoServer|disconnected|connection/i, 'no_bus'],
  [/interaction is not allowed|-25308|logon session/i, 'locked_unattended'],
  [/dismissed|cancell?ed|-128\b|is ?locked|locked/i, 'cancelled'],
  [/no result found|no default|NoSuchObject|does not exist|keychain could not be found/i, 'no_keyring'],
  [/ambiguous|more than one|multiple/i, 'ambiguous'],
]

/** Which failure a message of the keyring's library means. */
export function keyringFailure(message: string, around: Surroundings): GuardFailure {
  const found = patterns.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed'
  const unreachable = found === 'no_bus' || found === 'no_service' || found === 'refused'
  if (unreachable && inSandbox(around)) return 'sandbox'
  return found === 'cancelled' && !hasScreen(around) ? 'locked_unattended' : found
}
