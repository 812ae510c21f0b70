import { z } from 'zod'
import { activitySchema } from './models.ts'
import { requestMethods, rights } from './standards.ts'

/**
 * Apps (local programs that have been paired), their permissions, what they ask for, and the audit of what they did.
 *
 * A permission is app × account × rights × hosts × methods × path prefix × until. Hosts, methods and path prefix narrow
 * the right `request` alone: who holds a token can send it anywhere, so `token` cannot be narrowed by them.
 */

/**
 * `see`: list it and read its state. `request`: have requests signed. `token`: get the access token itself. `manage`:
 * refresh, validate, reset, revoke, enable, disable, rename, remove. `connect`: start sign-ins.
 */
export { rights } from './standards.ts'
export const rightSchema = z.enum(rights)
export type Right = z.infer<typeof rightSchema>

export { requestMethods } from './standards.ts'

const method = z.enum(requestMethods)
const time = z.string()
const account = z.string().min(1).max(300)
const pathPrefix = z
  .string()
  .max(1000)
  .regex(/^\/[^?#\s]*$/, 'A path prefix begins with a slash and holds no query.')
/** `host`, `host:port`, `*.host` or `*.host:port`, as in the destination policy. */
const host = z.string().min(1).max(260)

/** What the operating system says about the program that called, as far as it can be had on the transport. */
export const callerFactsSchema = z.object({
  transport: z.enum(['http', 'socket']),
  pid: z.number().nullable(),
  /** The user the process runs as: its name, or its number. */
  user: z.string().nullable(),
  /** The process's name, the file it runs, and for an interpreter the script it was started with. */
  process: z.string().nullable(),
  executable: z.string().nullable(),
  script: z.string().nullable(),
  /** The processes that started it, nearest first. */
  started_by: z.array(z.string()),
})
export type CallerFacts = z.infer<typeof callerFactsSchema>

export const permissionSchema = z.object({
  id: z.string(),
  app_id: z.string(),
  /** null: the accounts that the app connects by itself (with the right `connect`). */
  account_id: z.string().nullable(),
  rights: z.array(rightSchema),
  /** Empty: every host of the account's destination policy. Never wider than that. */
  hosts: z.array(z.string()),
  /** Empty: every method. */
  methods: z.array(method),
  /** Whole segments: `/v1/me` covers `/v1/me` and `/v1/me/mail`, not `/v1/meow`. null: every path. */
  path_prefix: z.string().nullable(),
  /** null: until it is withdrawn or the app expires. */
  until: time.nullable(),
  created_at: time,
  updated_at: time,
})
export type Permission = z.infer<typeof permissionSchema>

/** A permission as the person writes it. `account`: a reference; null as in `Permission.account_id`. */
export const permissionInputSchema = z.strictObject({
  account: account.nullable(),
  rights: z.array(rightSchema).min(1, 'Name at least one right.').max(rights.length),
  hosts: z.array(host).max(50).default([]),
  methods: z.array(method).max(requestMethods.length).default([]),
  path_prefix: pathPrefix.nullable().default(null),
  until: z.iso.datetime().nullable().default(null),
})
export type PermissionInput = z.infer<typeof permissionInputSchema>

/** When a whole app ends: on a date, or after so many days without use. */
const ending = {
  expires_at: z.iso.datetime().nullable().optional(),
  idle_days: z.number().int().min(1).max(3650).nullable().optional(),
}

export const appSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** What it is for, in the program's own words. */
  purpose: z.string(),
  /** `expired`: by its date or by not being used; its permissions are kept and come back when the ending is changed. */
  state: z.enum(['active', 'expired']),
  reason: z.string().nullable(),
  created_at: time,
  last_used_at: time.nullable(),
  expires_at: time.nullable(),
  idle_days: z.number().nullable(),
  /** Who collected the key, as the operating system said then. */
  caller: callerFactsSchema.nullable(),
  permissions: z.array(permissionSchema),
})
export type App = z.infer<typeof appSchema>

/** One thing that a program wants. `account` is how the program calls it: it may be anything. */
export const wantInputSchema = z.strictObject({
  account: account.optional(),
  provider: z.string().max(100).optional(),
  rights: z.array(rightSchema).min(1).max(rights.length),
  hosts: z.array(host).max(50).default([]),
  methods: z.array(method).max(requestMethods.length).default([]),
  path_prefix: pathPrefix.nullable().default(null),
})
export type WantInput = z.infer<typeof wantInputSchema>

/** The body of `POST /v1/pair`. */
export const pairInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'Say what the program is called.').max(80),
  purpose: z.string().trim().min(1, 'Say in a sentence what it is for.').max(500),
  wants: z.array(wantInputSchema).max(20).default([]),
})
export type PairInput = z.infer<typeof pairInputSchema>

export const askStates = ['waiting', 'approved', 'denied', 'expired'] as const

export const wantSchema = z.object({
  account: z.string().nullable(),
  /** The account that is meant, when exactly one is. */
  account_id: z.string().nullable(),
  provider: z.string().nullable(),
  rights: z.array(rightSchema),
  hosts: z.array(z.string()),
  methods: z.array(method),
  path_prefix: z.string().nullable(),
})
export type Want = z.infer<typeof wantSchema>

/** A program asks the person: to be paired, or for more than it was granted. */
export const askSchema = z.object({
  id: z.string(),
  kind: z.enum(['pair', 'permission']),
  /** The same on both sides, for the person to compare: `WXYZ-2345`. */
  code: z.string(),
  state: z.enum(askStates),
  app_id: z.string().nullable(),
  /** What the program says about itself. */
  name: z.string(),
  purpose: z.string(),
  user_agent: z.string().nullable(),
  wants: z.array(wantSchema),
  /** What the operating system says. */
  caller: callerFactsSchema.nullable(),
  /** How often it has asked for this. */
  times: z.number(),
  created_at: time,
  last_at: time,
  expires_at: time,
})
export type Ask = z.infer<typeof askSchema>

/** The answer to `POST /v1/pair` (with `secret`) and `GET /v1/pair/{id}` (which needs the secret as its bearer key). */
export const pairingSchema = z.object({
  id: z.string(),
  code: z.string(),
  state: z.enum(askStates),
  /** Seconds between looks. */
  interval: z.number(),
  expires_at: time,
  /** Proves that whoever looks is who asked. In the answer to `POST` alone. */
  secret: z.string().optional(),
  /** The app's key, in the first answer after the approval and never again. */
  key: z.string().optional(),
  app_id: z.string().optional(),
  permissions: z.array(permissionSchema).optional(),
})
export type Pairing = z.infer<typeof pairingSchema>

/** Requests to this host use this account when none is named (E19). */
export const bindingSchema = z.object({ host: z.string(), account_id: z.string(), created_at: time })
export type Binding = z.infer<typeof bindingSchema>

/** Who used an account for what (G4). Hosts with the first segments of paths; ids in them are `*`. */
export const usageSchema = z.object({
  account_id: z.string(),
  days: z.number(),
  since: time,
  users: z.array(
    z.object({
      /** `app`, `page`, `cli`, `owner`, `latchkey` */
      actor: z.string(),
      app_id: z.string().nullable(),
      name: z.string(),
      count: z.number(),
      failed: z.number(),
      last_at: time,
      uses: z.array(
        z.object({
          right: rightSchema,
          method: z.string().nullable(),
          host: z.string().nullable(),
          path: z.string().nullable(),
          count: z.number(),
          failed: z.number(),
          last_at: time,
        }),
      ),
    }),
  ),
  /** The apps that have a permission on it, whether they used it or not. */
  permitted: z.array(z.object({ app_id: z.string(), name: z.string(), rights: z.array(rightSchema) })),
  /** `unknown`: the definition does not tell which requests need the scope. */
  scopes: z.array(
    z.object({ name: z.string(), state: z.enum(['used', 'unused', 'unknown']), last_at: time.nullable() }),
  ),
  /** False when somebody got tokens: what they were used for cannot be told. */
  complete: z.boolean(),
})
export type Usage = z.infer<typeof usageSchema>

export const auditLimitsSchema = z.object({
  max_days: z.number().int().min(1).max(3650),
  max_entries: z.number().int().min(1000).max(1_000_000),
})
export type AuditLimits = z.infer<typeof auditLimitsSchema>

/** What of the activity is wanted; every field narrows. */
export const activityFilterSchema = z.strictObject({
  account: account.optional(),
  app: z.string().min(1).max(100).optional(),
  kind: activitySchema.shape.kind.optional(),
  right: rightSchema.optional(),
  host: z.string().min(1).max(260).optional(),
  /** `ok`: below 400; `failed`: 400 and above, or no answer at all. */
  outcome: z.enum(['ok', 'failed']).optional(),
  /** Stands somewhere in the summary, whatever the case. */
  search: z.string().min(1).max(200).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})
export type ActivityFilter = z.infer<typeof activityFilterSchema>

const nothing = z.strictObject({})
const app = z.string().min(1).max(100)
const ask = z.string().min(1).max(100)
const done = z.object({})

export const appsContract = {
  'apps.list': { input: nothing, output: z.array(appSchema) },
  /** `app`: an id or a name. */
  'apps.get': { input: z.strictObject({ app }), output: appSchema },
  'apps.change': {
    input: z.strictObject({ app, name: z.string().trim().min(1).max(80).optional(), ...ending }),
    output: appSchema,
  },
  /** Its key and permissions end at once. */
  'apps.revoke': { input: z.strictObject({ app }), output: done },
  'permissions.add': { input: permissionInputSchema.extend({ app }), output: appSchema },
  /** Replaces all of it. */
  'permissions.change': { input: permissionInputSchema.extend({ id: z.string().max(100) }), output: appSchema },
  'permissions.withdraw': { input: z.strictObject({ id: z.string().max(100) }), output: appSchema },
  /** Those that wait, and those that were decided within the last day; newest first. */
  'asks.list': { input: nothing, output: z.array(askSchema) },
  /** `ask`: an id or a code. */
  'asks.get': { input: z.strictObject({ ask }), output: askSchema },
  'asks.approve': {
    input: z.strictObject({
      ask,
      /** For a pairing: another name than the program's own. */
      name: z.string().trim().min(1).max(80).optional(),
      permissions: z.array(permissionInputSchema).max(100),
      ...ending,
    }),
    output: askSchema,
  },
  'asks.deny': { input: z.strictObject({ ask }), output: askSchema },
  'bindings.list': { input: nothing, output: z.array(bindingSchema) },
  /** One account a host: another account takes its place. */
  'bindings.save': { input: z.strictObject({ host, account }), output: bindingSchema },
  'bindings.remove': { input: z.strictObject({ host }), output: done },
  'accounts.usage': {
    input: z.strictObject({ account, days: z.number().int().min(1).max(90).default(30) }),
    output: usageSchema,
  },
  'activity.limits': { input: nothing, output: auditLimitsSchema },
  'activity.limit': { input: z.strictObject(auditLimitsSchema.shape), output: auditLimitsSchema },
  /** JSON lines, oldest first, at most `limit` of the newest. `GET /v1/activity/export` streams all of them. */
  'activity.export': {
    input: activityFilterSchema.extend({ limit: z.number().int().min(1).max(100_000).default(20_000) }),
    output: z.object({ text: z.string(), entries: z.number(), complete: z.boolean() }),
  },
} as const
