import { badges } from '../../../electron/services/badge.ts'
import type { Input, Method, Output } from '../../../shared/contract.ts'
import type { DoctorCheck, GuardKind, Slot, StorageBadge, VaultDetails } from '../../../shared/contract-vault.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Account, VaultStatus } from '../../../shared/models.ts'

/** What the vault's page shows: the way it is protected, and what was set before. */
export type VaultLook = 'key store' | 'both' | 'passphrase' | 'memory' | 'edit lock' | 'rotating' | 'broken key store'

type OwnMethod =
  | Exclude<Extract<Method, `vault.${string}`>, 'vault.status' | 'vault.setup' | 'vault.unlock' | 'vault.lock'>
  | 'doctor.run'
  | 'profiles.list'
type Fake = { [M in OwnMethod]: (input: Input<M>) => Output<M> | Promise<Output<M>> }

export const rightPassphrase = 'correct horse battery'
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const day = 24 * 60

const checks: DoctorCheck[] = [
  {
    id: 'vault',
    title: 'Vault',
    state: 'ok',
    message: 'The vault is whole: 12 accounts, 31 sealed values.',
    remedy: null,
    facts: { schema: '4', 'key version': '2' },
  },
  {
    id: 'ports',
    title: 'Local API',
    state: 'problem',
    message: 'Port 47321 is taken by another program.',
    remedy: 'End that program, or set LATCHKEY_PORT to another port.',
    facts: { socket: '/run/user/1000/latchkey/latchkey.sock' },
  },
  {
    id: 'proxies',
    title: 'Proxies',
    state: 'not_applicable',
    message: 'No proxy is set.',
    remedy: null,
    facts: {},
  },
  {
    id: 'clock',
    title: 'Clock',
    state: 'warning',
    message: 'The clock of this computer is 42 seconds behind.',
    remedy: 'Turn on the time synchronization of the system.',
    facts: { behind: '42 s' },
  },
]

function slotOf(kind: GuardKind, minutes = 0, broken = false): Slot {
  return {
    kind,
    created_at: ago(minutes),
    updated_at: ago(minutes),
    usable: kind === 'passphrase' ? null : !broken,
    note: broken ? 'The keyring is locked, and nothing here can ask for its password. Unlock the keyring.' : null,
  }
}

const slotsOf: Record<VaultLook, Slot[]> = {
  'key store': [slotOf('safe-storage', 40 * day)],
  both: [slotOf('safe-storage', 40 * day), slotOf('passphrase', 12 * day)],
  'edit lock': [slotOf('safe-storage', 40 * day), slotOf('passphrase', 12 * day)],
  rotating: [slotOf('safe-storage', 40 * day), slotOf('passphrase', 12 * day)],
  'broken key store': [slotOf('os-keyring', 40 * day, true), slotOf('passphrase', 12 * day)],
  passphrase: [slotOf('passphrase', 12 * day)],
  memory: [],
}

const setupChanges =
  /^(providers\.(save|remove|import|register)|registrations\.(save|remove|register)|network\.save|vault\.(import|restore))/

/** The methods of the vault's page in memory. `enter` refuses what the edit lock refuses. */
export function fakeVault(parts: { look: VaultLook; accounts: () => Account[]; lock: () => VaultStatus }): {
  methods: Fake
  enter: (method: string) => void
  guards: () => GuardKind[]
} {
  const { look } = parts
  let slots = slotsOf[look]
  let openUntil: string | null = null
  let enabled = look === 'edit lock'
  let lock: VaultDetails['lock'] = { idle_minutes: 30, after_minutes: null, on_screen_lock: true, on_suspend: true }
  let version = look === 'rotating' ? 3 : 2
  let done = 128
  let backups = [3, 400, 9 * day].map((minutes, index) => ({
    name: `vault-${ago(minutes).replace(/[-:.]/g, '')}-schema${4 - Number(index > 1)}.db`,
    at: ago(minutes),
    schema: 4 - Number(index > 1),
    bytes: 348_160 - index * 20_000,
  }))
  const kinds = () => slots.map(({ kind }) => kind)
  const has = (kind: GuardKind) => kinds().includes(kind)
  const level = (): StorageBadge['level'] =>
    slots.length === 0
      ? 'memory_only'
      : !has('passphrase')
        ? 'key_store'
        : slots.length > 1
          ? 'key_store_and_passphrase'
          : 'passphrase'
  const details = (): VaultDetails => {
    if (look === 'rotating') done = Math.min(412, done + 40)
    return {
      slots,
      addable: slots.length === 0 ? [] : (['safe-storage', 'passphrase'] as const).filter((kind) => !has(kind)),
      badge: { level: level(), ...badges[level()] },
      key_version: version,
      rotation: look === 'rotating' ? { running: done < 412, done, total: 412 } : { running: false, done: 0, total: 0 },
      lock,
      edit_lock: { enabled, open_until: openUntil },
      backups,
    }
  }
  const check = (passphrase: string | undefined, field = 'passphrase') => {
    if (passphrase === rightPassphrase) return
    throw new LatchkeyError('invalid_request', 'The passphrase does not open this vault. Check it and try again.', {
      field,
    })
  }
  const methods: Fake = {
    'vault.details': details,
    'vault.add_guard': ({ kind }) => {
      slots = [...slots, slotOf(kind)]
      return details()
    },
    'vault.change_passphrase': ({ current }) => {
      check(current, 'current')
      return details()
    },
    'vault.remove_guard': ({ kind }) => {
      if (kind === 'passphrase' && enabled) {
        throw new LatchkeyError('invalid_request', 'Changes to providers and registrations ask for this passphrase.', {
          field: 'kind',
          action: { text: 'Turn that off first.' },
        })
      }
      slots = slots.filter((slot) => slot.kind !== kind)
      return details()
    },
    'vault.rotate': ({ passphrase }) => {
      if (has('passphrase')) check(passphrase)
      version += 1
      return details()
    },
    'vault.set_lock': (settings) => {
      lock = settings
      return details()
    },
    'vault.set_edit_lock': ({ enabled: on, passphrase }) => {
      check(passphrase)
      enabled = on
      openUntil = null
      return details()
    },
    'vault.unlock_editing': ({ passphrase }) => {
      check(passphrase)
      openUntil = new Date(Date.now() + 300_000).toISOString()
      return details()
    },
    'vault.back_up': () => {
      const backup = { name: `vault-${Date.now()}-schema4.db`, at: ago(0), schema: 4, bytes: 348_160 }
      backups = [backup, ...backups]
      return backup
    },
    'vault.restore': () => {
      parts.lock()
      return { kept_as: 'vault-20261121T100000000Z-schema4.db' }
    },
    'vault.export': ({ accounts }) => ({
      document: btoa('latchkey-export'),
      accounts: accounts?.length ?? parts.accounts().length,
    }),
    'vault.import': ({ passphrase, existing }) => {
      if (passphrase !== rightPassphrase) {
        throw new LatchkeyError(
          'invalid_request',
          'The file cannot be opened: the passphrase is wrong or the file was changed.',
          { field: 'passphrase' },
        )
      }
      const newer = existing === 'keep' ? ('kept' as const) : ('replaced' as const)
      return {
        created_at: ago(90),
        accounts: [
          { alias: 'practice:ada', provider_id: 'practice', outcome: newer, reason: null },
          {
            alias: 'work mail (2)',
            provider_id: 'google',
            outcome: 'renamed',
            reason: 'Another account is called “work mail” here.',
          },
          { alias: 'github:ada', provider_id: 'github', outcome: 'added', reason: null },
          {
            alias: 'old',
            provider_id: 'gone',
            outcome: 'left_out',
            reason: 'The file holds no provider “gone”.',
          },
        ],
        registrations: 2,
        providers: 1,
      }
    },
    'doctor.run': () => checks,
    'profiles.list': () => [
      { name: 'default', home: '/home/ada/.config/Latchkey', current: true, running: true },
      { name: 'work', home: '/home/ada/.config/Latchkey/profiles/work', current: false, running: false },
    ],
  }
  return {
    methods,
    guards: kinds,
    enter(method) {
      if (!setupChanges.test(method) || !enabled || openUntil !== null) return
      throw new LatchkeyError('forbidden', 'Changes to providers and registrations ask for the passphrase here.', {
        action: { text: 'Enter the passphrase.', command: 'latchkey unlock --editing' },
      })
    },
  }
}
