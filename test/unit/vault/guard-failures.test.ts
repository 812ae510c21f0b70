import { describe, expect, it } from 'vitest'
import { judgeStore, nameOfStore } from '../../../electron/vault/chromium-stores.ts'
import { type GuardFailure, guardFailures, keyringFailure, rejections } from '../../../electron/vault/guard-failures.ts'
import { KeyGuardRejected, KeyGuardUnavailable } from '../../../electron/vault/ports.ts'

const desktop = { env: { DISPLAY: ':0' }, platform: 'linux' as const }
const server = { env: {}, platform: 'linux' as const }
const flatpak = { env: { FLATPAK_ID: 'app.latchkey', WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux' as const }
const mac = { env: {}, platform: 'darwin' as const }
const windows = { env: {}, platform: 'win32' as const }

describe('[F13] what the keyring says, and what it means', () => {
  // Messages of @napi-rs/keyring 2.1.2 with libdbus and gnome-keyring; the others as the systems document them.
  it.each<[string, typeof server | typeof mac | typeof windows, GuardFailure]>([
    ['DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time', server, 'no_bus'],
    ['DBus error: Failed to connect to socket /run/user/1000/bus: No such file or directory', server, 'no_bus'],
    ['DBus error: Could not parse server address: Unknown address type', server, 'no_bus'],
    ['DBus error: Failed to connect to socket /run/user/1000/bus: No such file or directory', flatpak, 'sandbox'],
    ['DBus error: The name org.freedesktop.secrets was not provided by any .service files', server, 'no_service'],
    ['DBus error: The name org.freedesktop.secrets was not provided by any .service files', flatpak, 'sandbox'],
    ['org.freedesktop.DBus.Error.AccessDenied: not allowed to talk to it', flatpak, 'sandbox'],
    ['org.freedesktop.DBus.Error.AccessDenied: not allowed to talk to it', desktop, 'refused'],
    [
      'DBus error: Did not receive a reply. Possible causes include: … the network connection was broken.',
      server,
      'silent',
    ],
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", server, 'locked_unattended'],
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", desktop, 'cancelled'],
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", flatpak, 'cancelled'],
    ["Couldn't access platform storage: Secret Service: no result found", desktop, 'no_keyring'],
    ['User canceled the operation. (-128)', mac, 'cancelled'],
    ['User interaction is not allowed.', mac, 'locked_unattended'],
    ['The user name or passphrase you entered is not correct.', mac, 'refused'],
    ['A specified logon session does not exist. It may already have been terminated.', windows, 'locked_unattended'],
    ['Entry is matched by more than one credential', desktop, 'ambiguous'],
    ['something that nobody has seen', desktop, 'failed'],
  ])('%s', (message, around, failure) => {
    expect(keyringFailure(message, around)).toBe(failure)
  })

  it('each failure has a sentence and a way out of its own', () => {
    const all = Object.values(guardFailures)
    expect(new Set(all.map(({ reason }) => reason)).size).toBe(all.length)
    expect(new Set(all.map(({ remedy }) => remedy)).size).toBe(all.length)
    for (const { reason, remedy } of all) {
      expect(reason).toMatch(/\.$/)
      expect(remedy).toMatch(/passphrase/)
    }
    expect(new Set(Object.values(rejections)).size).toBe(Object.keys(rejections).length)
  })
})

describe('[F13] a slot of Electron’s safeStorage that does not open on Linux', () => {
  const sealed = (mark: string) => Buffer.from(`${mark}ciphertext`)
  const told = (error: Error) => (error instanceof KeyGuardUnavailable ? error.reason : error.message)

  it.each<[string, string, Record<string, unknown>, string, string, string | RegExp]>([
    [
      'the same keyring, another key',
      'v11',
      { store: 'gnome_libsecret' },
      'v11',
      'gnome_libsecret',
      rejections.storeChanged,
    ],
    ['a slot of an earlier version, the same kind', 'v11', {}, 'v11', 'kwallet6', rejections.storeChanged],
    [
      'from GNOME to KDE',
      'v11',
      { store: 'gnome_libsecret' },
      'v11',
      'kwallet6',
      /with the GNOME keyring.*but KWallet 6 answers now/,
    ],
    [
      'out of the sandbox',
      'v12',
      { store: 'portal' },
      'v11',
      'gnome_libsecret',
      /with the secret portal.*but the GNOME keyring/,
    ],
    [
      'into the sandbox',
      'v11',
      { store: 'kwallet5' },
      'v12',
      'gnome_libsecret',
      /with KWallet 5, but the secret portal/,
    ],
    ['out of it, earlier version', 'v12', {}, 'v11', 'gnome_libsecret', /with the secret portal/],
    ['into it, earlier version', 'v11', {}, 'v12', 'gnome_libsecret', /with another key store, but the secret portal/],
  ])('%s', (_, wrapped, params, probe, backend, message) => {
    const error = judgeStore(sealed(wrapped), params, sealed(probe), backend)
    if (typeof message === 'string') {
      expect(error).toBeInstanceOf(KeyGuardRejected)
      expect(told(error)).toBe(message)
    } else {
      expect(told(error)).toMatch(message)
      expect((error as KeyGuardUnavailable).remedy).toMatch(/passphrase/)
    }
  })

  it('the store is noted by what was written, not by what is claimed', () => {
    expect(nameOfStore(sealed('v12'), 'gnome_libsecret')).toBe('portal')
    expect(nameOfStore(sealed('v11'), 'kwallet6')).toBe('kwallet6')
  })
})
