import { z } from 'zod'
import { type CheckedInput, registrationInputSchema } from '../../shared/contract.ts'
import type { ImportResult, Warning } from '../../shared/contract-records.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { readCertificate, readKeyMaterial } from '../oauth/key-material.ts'
import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { Definition } from '../providers/definition.ts'
import type { RegistrationCredentials, RegistrationRecord, Vault } from '../vault/ports.ts'
import { type Cost, openSecrets, type SealedSecrets, sealSecrets } from './export-secrets.ts'
import type { Caller, Events } from './ports.ts'
import type { OwnCatalogue } from './provider-catalogue.ts'
import { readDefinition } from './provider-check.ts'
import { hostWarnings } from './provider-hosts.ts'
import { ownWarnings } from './provider-warnings.ts'
import { checkRegistration } from './registration-check.ts'

interface Parts {
  vault: Vault
  catalogue: OwnCatalogue
  clock: Clock
  events: Events
  note(providerId: string, summary: string, caller: Caller): void
  /** For tests: what a passphrase costs. */
  cost?: Cost
}

const format = 'latchkey-providers'
const version = 1

/** A registration in a file: as it is written, without secrets. They stand, in the same order, in the encrypted part. */
const exportedRegistration = registrationInputSchema.omit({
  id: true,
  client_secret: true,
  private_key: true,
  private_key_passphrase: true,
  certificate: true,
})

const fileSchema = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  exported_at: z.string(),
  providers: z.array(z.unknown()).max(1000),
  registrations: z.array(exportedRegistration).max(1000).optional(),
  secrets: z.unknown().optional(),
})

const secretsSchema = z.array(
  z.strictObject({
    client_secret: z.string().max(8000).optional(),
    private_key: z.string().max(100_000).optional(),
    certificate: z.string().max(100_000).optional(),
  }),
)
type Secrets = z.infer<typeof secretsSchema>

/** Providers, and registrations when they are asked for, to a file and back (docs/providers.md, Export and import). */
export function createTransfer(parts: Parts) {
  const { vault, catalogue, clock } = parts

  return {
    async export(input: CheckedInput<'providers.export'>): Promise<{ document: Record<string, unknown> }> {
      if (input.passphrase !== undefined && !input.registrations) {
        throw invalid('passphrase', 'Providers hold no secrets. Ask for registrations too, or give no passphrase.')
      }
      const definitions = chosen(input.providers)
      const document = {
        format,
        version,
        exported_at: new Date(clock.now()).toISOString(),
        providers: definitions,
      }
      if (!input.registrations) return { document }
      const ids = new Set(definitions.map(({ id }) => id))
      const records = vault.registrations.list().filter(({ providerId }) => ids.has(providerId))
      const whole = { ...document, registrations: records.map(exported) }
      if (input.passphrase === undefined) return { document: whole }
      const secrets: SealedSecrets = await sealSecrets(
        JSON.stringify(records.map(secretsOf)),
        input.passphrase,
        whole,
        parts.cost,
      )
      return { document: { ...whole, secrets } }
    },

    async import(input: CheckedInput<'providers.import'>, caller: Caller): Promise<ImportResult> {
      const { definitions, registrations, secrets } = await read(input)
      const warnings: Warning[] = []
      const outcomes = definitions.map((definition, index) => {
        const before = catalogue.list().find(({ id }) => id === definition.id) ?? null
        const outcome = outcomeOf(before, definition, input.replace, index)
        if (outcome !== 'unchanged') warnings.push(...ownWarnings(definition))
        if (outcome === 'replaced') warnings.push(...hostWarnings(before, definition))
        return { definition, outcome }
      })
      // Judged against the catalogue as it will be, so that nothing is written before everything has been found good.
      const all = new Map([...catalogue.list(), ...definitions].map((it) => [it.id, it]))
      const records = await Promise.all(
        registrations.map((entry, index) => prepare(entry, index, all, secrets?.[index] ?? null)),
      )
      vault.transaction(() => {
        const now = clock.now()
        for (const { definition, outcome } of outcomes) {
          if (outcome === 'unchanged') continue
          const createdAt = vault.providers.list().find(({ id }) => id === definition.id)?.createdAt ?? now
          vault.providers.save({
            id: definition.id,
            definition: JSON.stringify(definition),
            createdAt,
            updatedAt: now,
          })
        }
        for (const { record, clientSecret, credentials } of records) {
          vault.registrations.save(record, clientSecret)
          vault.registrations.setCredentials(record.id, credentials)
        }
      })
      catalogue.changed()
      for (const { definition, outcome } of outcomes) {
        if (outcome !== 'unchanged') parts.note(definition.id, `The provider ${definition.name} was imported`, caller)
      }
      for (const { record } of records) {
        parts.note(record.providerId, `The registration “${record.name}” was imported`, caller)
        parts.events.emit({ type: 'registration', registration_id: record.id })
      }
      return {
        providers: outcomes.map(({ definition: { id, name }, outcome }) => ({ id, name, outcome })),
        registrations: records.map(({ record, complete }) => ({
          id: record.id,
          name: record.name,
          provider_id: record.providerId,
          complete,
        })),
        warnings,
      }
    },
  }

  /** Named ones, or all that the person made or changed. */
  function chosen(ids: string[] | undefined): Definition[] {
    if (ids === undefined) return catalogue.list().filter(({ id }) => catalogue.origin(id) !== 'catalogue')
    return [...new Set(ids)].map((id) => {
      const definition = catalogue.get(id)
      if (definition.client !== 'built_in') return definition
      throw invalid('providers', 'The practice provider is a part of Latchkey: there is nothing to export.')
    })
  }

  function secretsOf({ id }: RegistrationRecord): Secrets[number] {
    const { privateKey, certificate } = vault.registrations.credentials(id)
    const clientSecret = vault.registrations.clientSecret(id)
    return {
      ...(clientSecret === null ? {} : { client_secret: clientSecret }),
      ...(privateKey === undefined ? {} : { private_key: privateKey }),
      ...(certificate === undefined ? {} : { certificate }),
    }
  }

  async function prepare(
    entry: z.infer<typeof exportedRegistration>,
    index: number,
    definitions: Map<string, Definition>,
    secrets: Secrets[number] | null,
  ) {
    const credentials = await credentialsOf(secrets, index)
    const holdings = {
      clientSecret: secrets?.client_secret !== undefined,
      privateKey: credentials.privateKey !== undefined,
      certificate: credentials.certificate !== undefined,
    }
    const lookup = { list: () => [...definitions.values()] }
    const fields = within(`document.registrations[${index}]`, () => checkRegistration(entry, null, lookup, null))
    const complete = passes(() => checkRegistration(entry, null, lookup, holdings))
    const now = clock.now()
    const record = { ...fields, id: randomId('reg'), enabled: true, createdAt: now, updatedAt: now }
    return { record, clientSecret: secrets?.client_secret ?? null, credentials, complete }
  }
}

function exported(record: RegistrationRecord): z.input<typeof exportedRegistration> {
  return {
    provider_id: record.providerId,
    name: record.name,
    description: record.description,
    client_id: record.clientId,
    client_authentication: record.clientAuthentication as 'none',
    options: record.options,
    scopes: record.scopes,
    variables: record.variables,
    extra_hosts: record.extraHosts,
    fallback_expiry: record.fallbackExpiry,
  }
}

async function read({ document, passphrase, without_secrets: without }: CheckedInput<'providers.import'>) {
  if (document.format !== format) throw invalid('document.format', 'This is not a file of providers from Latchkey.')
  if (document.version !== version) {
    throw invalid(
      'document.version',
      `This file is of version ${String(document.version).slice(0, 20)}; this Latchkey reads version ${version}. Update it.`,
    )
  }
  const file = fileSchema.safeParse(document)
  if (!file.success) {
    const [issue] = file.error.issues
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    throw invalid(
      z.core.toDotPath(['document', ...(issue?.path ?? []), ...keys]),
      `${issue?.message ?? 'It is not valid.'}`,
    )
  }
  const { providers, registrations = [], secrets: sealed } = file.data
  const definitions = providers.map((it, index) => readDefinition(it, `document.providers[${index}]`))
  const twice = definitions.find(({ id }, index) => definitions.findIndex((it) => it.id === id) !== index)
  if (twice) throw invalid('document.providers', `“${twice.id}” is in this file twice.`)
  if (sealed === undefined || without) return { definitions, registrations, secrets: null }
  if (passphrase === undefined) {
    throw new LatchkeyError('invalid_request', 'This file holds encrypted secrets. Enter its passphrase.', {
      field: 'passphrase',
      action: { text: 'Or import it without its secrets, and enter them in the registrations.' },
    })
  }
  const { secrets: _, ...rest } = document
  const secrets = secretsSchema.safeParse(JSON.parse(await openSecrets(sealed, passphrase, rest)))
  if (!secrets.success || secrets.data.length !== registrations.length) {
    throw invalid('document.secrets', 'The encrypted part of this file does not fit its registrations.')
  }
  return { definitions, registrations, secrets: secrets.data }
}

function outcomeOf(before: Definition | null, after: Definition, replace: boolean, index: number) {
  if (before === null) return 'added' as const
  if (JSON.stringify(before) === JSON.stringify(after)) return 'unchanged' as const
  if (before.client === 'built_in') {
    throw invalid(
      `document.providers[${index}].id`,
      'The practice provider is a part of Latchkey and cannot be changed.',
    )
  }
  if (replace) return 'replaced' as const
  throw new LatchkeyError('invalid_request', `There is a different provider “${after.id}” here already.`, {
    field: `document.providers[${index}].id`,
    action: { text: 'Import it again with “replace”, or change its id in the file.' },
  })
}

async function credentialsOf(secrets: Secrets[number] | null, index: number): Promise<RegistrationCredentials> {
  if (!secrets) return {}
  const { private_key: key, certificate } = secrets
  try {
    const read = key === undefined ? {} : await readKeyMaterial({ content: key })
    return certificate === undefined
      ? read
      : { ...read, certificate: readCertificate(certificate, read.privateKey ?? null) }
  } catch (error) {
    return within(`document.registrations[${index}]`, () => {
      throw error
    })
  }
}

/** What is wrong stands in a file: its field is named behind the place in it. */
function within<T>(place: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error
    throw new LatchkeyError(error.code, error.message, {
      ...error.details,
      field: `${place}.${error.details.field ?? ''}`,
    })
  }
}

function passes(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
