import { z } from 'zod'
import type { CheckedInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Registration } from '../../shared/models.ts'
import { readKeyMaterial } from '../oauth/key-material.ts'
import { randomId } from '../platform/ids.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import { isSafeUrl } from '../providers/template.ts'
import type { RegistrationRecord, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { Caller, Events } from './ports.ts'
import type { RegistrationService } from './registrations.ts'
import { splitScopes } from './scopes.ts'

/** What a service account's key file tells (Google Cloud IAM, service account credentials). */
export interface ServiceAccount {
  clientEmail: string
  /** PEM, as it stands in the file. */
  privateKey: string
  privateKeyId: string | null
  /** The token endpoint: the audience of its assertions. */
  tokenUri: string
}

const text = (what: string) =>
  z
    .string({ error: `The key file holds no ${what}.` })
    .trim()
    .min(1, `The ${what} is empty.`)

const fileSchema = z.looseObject({
  type: z.string().optional(),
  client_email: text('client_email').pipe(z.email('The client_email is no email address.')),
  private_key: text('private_key'),
  private_key_id: z.string().optional(),
  token_uri: text('token_uri').refine(
    (url) => URL.canParse(url) && isSafeUrl(url),
    'The token_uri is not an https address.',
  ),
})

/**
 * Reads a service account's key file. Throws `invalid_request` with the field that is missing or wrong, as
 * `json.client_email`; nothing of the file is repeated.
 */
export function readServiceAccount(json: string): ServiceAccount {
  let file: unknown
  try {
    file = JSON.parse(json)
  } catch {
    throw invalid('json', 'This is not a JSON file. Drop the key file as the console of the provider gave it.')
  }
  if (typeof file === 'object' && file !== null && ('installed' in file || 'web' in file)) {
    throw invalid('json', 'This is the file of an OAuth client, not the key of a service account.')
  }
  const read = fileSchema.safeParse(file)
  if (!read.success) {
    const [issue] = read.error.issues
    const field = issue?.path[0]
    throw invalid(
      field === undefined ? 'json' : `json.${String(field)}`,
      field === undefined ? 'This is not the key file of a service account.' : (issue?.message ?? 'It is wrong.'),
    )
  }
  const { type, client_email, private_key, private_key_id, token_uri } = read.data
  if (type !== undefined && type !== 'service_account') {
    throw invalid('json.type', 'This file is for another kind of account: its type is not service_account.')
  }
  return {
    clientEmail: client_email,
    privateKey: private_key,
    privateKeyId: private_key_id ?? null,
    tokenUri: token_uri,
  }
}

interface Parts {
  vault: Pick<Vault, 'registrations' | 'transaction'>
  catalogue: Catalogue
  registrations: Pick<RegistrationService, 'list'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
}

/**
 * Makes a registration for the JWT bearer grant (RFC 7523 2.1) out of a dropped key file; one of the same service
 * account is brought up to date, so that a new key takes the place of an old one.
 */
export async function registerServiceAccount(
  parts: Parts,
  input: CheckedInput<'registrations.from_service_account'>,
  caller: Caller,
): Promise<Registration> {
  const { vault, clock } = parts
  const definition = providerOf(parts.catalogue, input.provider_id)
  const file = readServiceAccount(input.json)
  const { privateKey } = await readKeyMaterial({ content: file.privateKey }).catch((error: unknown) => {
    throw error instanceof LatchkeyError ? invalid('json.private_key', error.message) : error
  })
  const known = vault.registrations
    .list()
    .find((it) => it.providerId === definition.id && it.clientId === file.clientEmail)
  const record = recordOf(definition, file, input, known ?? null, clock.now())
  vault.transaction(() => {
    vault.registrations.save(record, null)
    vault.registrations.setCredentials(record.id, { ...(privateKey === undefined ? {} : { privateKey }) })
  })
  parts.activity.add({
    kind: 'registration',
    account_id: null,
    provider_id: definition.id,
    actor: caller.kind,
    summary: `Registration “${record.name}” was ${known ? 'changed' : 'created'}`,
    detail: { registration: record.id, from: 'service account key file' },
  })
  parts.events.emit({ type: 'registration', registration_id: record.id })
  const view = parts.registrations.list().find(({ id }) => id === record.id)
  if (!view) throw new LatchkeyError('not_found', 'The registration was removed meanwhile.', { field: 'id' })
  return view
}

function providerOf(catalogue: Catalogue, id: string): Definition {
  const definition = catalogue.get(id)
  if (definition.grants?.includes('jwt_bearer')) return definition
  throw invalid('provider_id', `${definition.name} does not take the key of a service account.`)
}

function recordOf(
  definition: Definition,
  { clientEmail, privateKeyId, tokenUri }: ServiceAccount,
  { name, scopes, subject }: CheckedInput<'registrations.from_service_account'>,
  known: RegistrationRecord | null,
  now: number,
): Omit<RegistrationRecord, 'hasClientSecret'> {
  const usual = definition.scopes.filter((scope) => scope.default).map((scope) => scope.name)
  const defaults = definition.variables.flatMap((it) => (it.default === null ? [] : [[it.name, it.default]]))
  return {
    id: known?.id ?? randomId('reg'),
    providerId: definition.id,
    name: name ?? known?.name ?? clientEmail.split('@', 1)[0] ?? clientEmail,
    description: known?.description ?? `Service account ${clientEmail}`,
    clientId: clientEmail,
    // The assertion says who asks: nothing stands beside it (RFC 7521 4.1).
    clientAuthentication: 'none',
    scopes: scopes === undefined ? (known?.scopes ?? usual) : splitScopes(scopes, 'scopes'),
    variables: known?.variables ?? Object.fromEntries(defaults),
    extraHosts: known?.extraHosts ?? [],
    fallbackExpiry: known?.fallbackExpiry ?? null,
    enabled: known?.enabled ?? true,
    options: {
      ...known?.options,
      grant: 'jwt_bearer',
      ...(privateKeyId === null ? {} : { keyId: privateKeyId }),
      assertion: {
        issuer: clientEmail,
        audience: tokenUri,
        // Google takes `sub` for the person to act for, and the service account itself is none.
        subject: subject ?? known?.options.assertion?.subject ?? '',
      },
    },
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  }
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
