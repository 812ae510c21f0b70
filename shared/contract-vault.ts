import { z } from 'zod'

/** How the vault is protected, locked, backed up, moved, and checked (DESIGN section 5). Secrets go in and never come out. */

const time = z.string()
/** The same rule wherever a passphrase is chosen. */
export const newPassphraseSchema = z.string().min(8, 'The passphrase needs at least 8 characters.').max(1024)
const passphrase = z.string().min(1).max(1024)
export const guardKindSchema = z.enum(['safe-storage', 'os-keyring', 'passphrase'])
export type GuardKind = z.infer<typeof guardKindSchema>

/** One way into the vault: the data key, wrapped by a key guard (as LUKS has slots). */
export const slotSchema = z.object({
  kind: guardKindSchema,
  created_at: time,
  updated_at: time,
  /** Whether this host can open it now without a person: null for a passphrase, which only the person knows. */
  usable: z.boolean().nullable(),
  /** Why not, and the way out. */
  note: z.string().nullable(),
})
export type Slot = z.infer<typeof slotSchema>

/** The honest badge (G7): what protects the vault, in words, and how to get one level up. */
export const storageBadgeSchema = z.object({
  level: z.enum(['memory_only', 'passphrase_in_file', 'key_store', 'passphrase', 'key_store_and_passphrase']),
  title: z.string(),
  sentence: z.string(),
  way_up: z.string().nullable(),
})
export type StorageBadge = z.infer<typeof storageBadgeSchema>

export const lockSettingsSchema = z.strictObject({
  /** Minutes without any use by the person or a program; null: never. */
  idle_minutes: z.number().int().min(1).max(10_080).nullable(),
  /** Minutes after unlocking, used or not; null: never. */
  after_minutes: z.number().int().min(1).max(10_080).nullable(),
  /** Where the operating system tells (the desktop). */
  on_screen_lock: z.boolean(),
  on_suspend: z.boolean(),
})
export type LockSettings = z.infer<typeof lockSettingsSchema>

export const backupSchema = z.object({ name: z.string(), at: time, schema: z.number(), bytes: z.number() })
export type Backup = z.infer<typeof backupSchema>

export const vaultDetailsSchema = z.object({
  slots: z.array(slotSchema),
  /** Guards that this host could add. */
  addable: z.array(guardKindSchema),
  badge: storageBadgeSchema,
  key_version: z.number(),
  /** Values that are still sealed under the key before; the rotation goes on in the background and after a restart. */
  rotation: z.object({ running: z.boolean(), done: z.number(), total: z.number() }),
  lock: lockSettingsSchema,
  /** E2: changes to providers and registrations ask for the passphrase. */
  edit_lock: z.object({ enabled: z.boolean(), open_until: time.nullable() }),
  backups: z.array(backupSchema),
})
export type VaultDetails = z.infer<typeof vaultDetailsSchema>

/** What an import does with an account that is here already: the same (provider, issuer, subject). */
export const importRules = ['keep', 'replace', 'newer'] as const

export const importReportSchema = z.object({
  created_at: time,
  accounts: z.array(
    z.object({
      alias: z.string(),
      provider_id: z.string(),
      outcome: z.enum(['added', 'replaced', 'kept', 'renamed', 'left_out']),
      reason: z.string().nullable(),
    }),
  ),
  registrations: z.number(),
  providers: z.number(),
})
export type ImportReport = z.infer<typeof importReportSchema>

export const doctorCheckSchema = z.object({
  /** Stable: `keyring`, `backend`, `files`, `ports`, `clock`, `proxies`, `providers`, `vault`, `versions`. */
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warning', 'problem', 'not_applicable']),
  message: z.string(),
  remedy: z.string().nullable(),
  facts: z.record(z.string(), z.string()),
})
export type DoctorCheck = z.infer<typeof doctorCheckSchema>

/** One vault with its settings, keys and endpoints (E1). */
export const profileSchema = z.object({
  name: z.string(),
  home: z.string(),
  current: z.boolean(),
  running: z.boolean(),
})
export type Profile = z.infer<typeof profileSchema>

const nothing = z.strictObject({})

export const vaultContract = {
  'vault.details': { input: nothing, output: vaultDetailsSchema },
  /** A second way in. Throws `invalid_request` when there is one of this kind already. */
  'vault.add_guard': {
    input: z.strictObject({ kind: guardKindSchema, passphrase: newPassphraseSchema.optional() }),
    output: vaultDetailsSchema,
  },
  'vault.change_passphrase': {
    input: z.strictObject({ current: passphrase, passphrase: newPassphraseSchema }),
    output: vaultDetailsSchema,
  },
  /** Never the last one. */
  'vault.remove_guard': { input: z.strictObject({ kind: guardKindSchema }), output: vaultDetailsSchema },
  /** A new data key. `passphrase` where the vault has one: the new key has to be wrapped under it as well. */
  'vault.rotate': { input: z.strictObject({ passphrase: passphrase.optional() }), output: vaultDetailsSchema },
  'vault.set_lock': { input: lockSettingsSchema, output: vaultDetailsSchema },
  'vault.set_edit_lock': {
    input: z.strictObject({ enabled: z.boolean(), passphrase }),
    output: vaultDetailsSchema,
  },
  /** Changes to providers and registrations are possible for five minutes. */
  'vault.unlock_editing': { input: z.strictObject({ passphrase }), output: vaultDetailsSchema },
  'vault.back_up': { input: nothing, output: backupSchema },
  /** The vault as it is now is kept as a backup first. The vault is locked afterwards. */
  'vault.restore': { input: z.strictObject({ name: z.string().max(200) }), output: z.object({ kept_as: z.string() }) },
  /** `accounts`: references; absent: the whole profile. `document`: base64 (docs/export-format.md). */
  'vault.export': {
    input: z.strictObject({
      passphrase: newPassphraseSchema,
      accounts: z.array(z.string().min(1).max(300)).min(1).max(10_000).optional(),
    }),
    output: z.object({ document: z.string(), accounts: z.number() }),
  },
  'vault.import': {
    input: z.strictObject({
      document: z.string().min(1).max(100_000_000),
      passphrase,
      existing: z.enum(importRules).default('newer'),
    }),
    output: importReportSchema,
  },
  'doctor.run': { input: nothing, output: z.array(doctorCheckSchema) },
  'profiles.list': { input: nothing, output: z.array(profileSchema) },
} as const
