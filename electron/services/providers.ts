import type { CheckedInput } from '../../shared/contract.ts'
import type { ImportResult, ProviderDetails, Warning } from '../../shared/contract-records.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Provider } from '../../shared/models.ts'
import type { MetadataReader } from '../oauth/metadata.ts'
import { isLoopbackHost } from '../platform/network-route.ts'
import type { Clock } from '../platform/ports.ts'
import type { Definition } from '../providers/definition.ts'
import { isSafeUrl } from '../providers/template.ts'
import { providerView } from '../providers/view.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { EgressService } from './egress.ts'
import type { Caller, Events } from './ports.ts'
import type { OwnCatalogue } from './provider-catalogue.ts'
import { readDefinition } from './provider-check.ts'
import { draftDefinition, freeName } from './provider-draft.ts'
import { hostWarnings } from './provider-hosts.ts'
import { createTransfer } from './provider-transfer.ts'
import { ownWarnings } from './provider-warnings.ts'

/** Providers as records: those of the catalogue, and what the person made of them or beside them. */
export interface ProviderService {
  list(): Provider[]
  /** Throws not_found. */
  get(id: string): ProviderDetails
  /** What `save` would say, without saving. Throws `invalid_request` with field `definition.FIELD`. */
  check(definition: Record<string, unknown>): ProviderDetails
  /** Makes the provider that the definition names, or changes it. */
  save(definition: Record<string, unknown>, caller: Caller): ProviderDetails
  duplicate(input: CheckedInput<'providers.duplicate'>, caller: Caller): ProviderDetails
  /** Throws `invalid_request` naming the registrations that use it, not_found. */
  remove(id: string, caller: Caller): void
  /** A draft from the issuer's metadata; nothing is saved. */
  discover(
    input: CheckedInput<'providers.discover'>,
    caller: Caller,
  ): Promise<{ definition: Record<string, unknown>; source: string; warnings: Warning[] }>
  export(input: CheckedInput<'providers.export'>, caller: Caller): Promise<{ document: Record<string, unknown> }>
  import(input: CheckedInput<'providers.import'>, caller: Caller): Promise<ImportResult>
}

export interface ProviderParts {
  vault: Vault
  catalogue: OwnCatalogue
  readMetadata: MetadataReader
  egress: Pick<EgressService, 'hosts'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
}

const patience = 20_000

export function createProviderService(parts: ProviderParts): ProviderService {
  const { vault, catalogue, clock, events } = parts
  const known = (id: string) => catalogue.list().find((definition) => definition.id === id) ?? null
  const usedBy = (id: string) => vault.registrations.list().filter(({ providerId }) => providerId === id)
  const transfer = createTransfer({ ...parts, note })

  function details(definition: Definition, origin: Provider['origin'], warnings: Warning[]): ProviderDetails {
    return {
      provider: providerView(definition, origin),
      definition: { ...definition },
      registrations: isOpen() ? usedBy(definition.id).map(({ id, name }) => ({ id, name })) : [],
      warnings,
    }
  }

  const isOpen = () => vault.status().state === 'unlocked'

  function note(id: string, summary: string, caller: Caller): void {
    parts.activity.add({
      kind: 'provider',
      account_id: null,
      provider_id: id,
      actor: caller.kind,
      summary,
      detail: {},
    })
    events.emit({ type: 'provider', provider_id: id })
  }

  function checked(input: Record<string, unknown>): { definition: Definition; warnings: Warning[] } {
    const definition = readDefinition(input, 'definition')
    if (known(definition.id)?.client === 'built_in') {
      throw invalid('definition.id', 'The practice provider is a part of Latchkey and cannot be changed.')
    }
    return { definition, warnings: [...ownWarnings(definition), ...hostWarnings(known(definition.id), definition)] }
  }

  const originOf = (id: string) => (catalogue.shipped(id) === null ? 'own' : 'changed')

  function store(definition: Definition): void {
    const now = clock.now()
    const before = vault.providers.list().find(({ id }) => id === definition.id)
    vault.providers.save({
      id: definition.id,
      definition: JSON.stringify(definition),
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    })
    catalogue.changed()
  }

  return {
    list: () => catalogue.list().map((definition) => providerView(definition, catalogue.origin(definition.id))),

    get(id) {
      const definition = catalogue.get(id)
      return details(definition, catalogue.origin(id), [])
    },

    check(input) {
      const { definition, warnings } = checked(input)
      return details(definition, originOf(definition.id), warnings)
    },

    save(input, caller) {
      const { definition, warnings } = checked(input)
      const before = known(definition.id)
      store(definition)
      note(definition.id, `The provider ${definition.name} was ${before === null ? 'created' : 'changed'}`, caller)
      return details(definition, originOf(definition.id), warnings)
    },

    duplicate({ id, new_id: wanted, name }, caller) {
      const original = catalogue.get(id)
      if (original.client === 'built_in') throw invalid('id', 'The practice provider cannot be duplicated.')
      if (wanted !== undefined && known(wanted) !== null) {
        throw invalid('new_id', `There is a provider “${wanted}” already.`)
      }
      const copy = readDefinition(
        {
          ...original,
          id: wanted ?? freeName(`${original.id}-copy`, (it) => known(it) !== null),
          name: name ?? `${original.name} (copy)`,
        },
        'definition',
      )
      store(copy)
      note(copy.id, `The provider ${copy.name} was made as a copy of ${original.name}`, caller)
      return details(copy, 'own', [])
    },

    remove(id, caller) {
      const stored = vault.providers.list().find((record) => record.id === id)
      if (!stored) {
        if (catalogue.shipped(id) === null)
          throw new LatchkeyError('not_found', `There is no provider “${id}”.`, { field: 'id' })
        throw invalid('id', 'This provider came with Latchkey. It cannot be removed, only changed and brought back.')
      }
      const users = usedBy(id)
      if (catalogue.shipped(id) === null && users.length > 0) {
        throw new LatchkeyError(
          'invalid_request',
          `${users.length === 1 ? 'A registration uses' : `${users.length} registrations use`} this provider: ${users.map(({ name }) => `“${name}”`).join(', ')}.`,
          {
            field: 'id',
            candidates: users.map((it) => `${it.id} (${it.name})`),
            action: { text: 'Remove these registrations first.' },
          },
        )
      }
      const name = known(id)?.name ?? id
      const restored = catalogue.shipped(id) !== null
      vault.transaction(() => {
        vault.providers.remove(id)
        // The way to a provider that goes on existing stays as it was chosen.
        if (!restored) vault.routes.remove(id)
      })
      catalogue.changed()
      note(id, restored ? `${name} is again as it came with Latchkey` : `The provider ${name} was removed`, caller)
    },

    async discover({ issuer: entered, private_network: privateNetwork }, caller) {
      const issuer = issuerOf(entered)
      const signal = AbortSignal.any([AbortSignal.timeout(patience), ...(caller.signal ? [caller.signal] : [])])
      const route = { privateNetwork, loopback: isLoopbackHost(issuer), allow: parts.egress.hosts() }
      const found = await parts.readMetadata(issuer, { signal, route })
      const today = new Date(clock.now()).toISOString().slice(0, 10)
      const isPrivate = privateNetwork || isLoopbackHost(issuer)
      const { definition, warnings } = draftDefinition(found, (id) => known(id) !== null, today, isPrivate)
      return { definition: { ...definition }, source: found.source, warnings }
    },

    export: (input) => transfer.export(input),
    import: (input, caller) => transfer.import(input, caller),
  }
}

/** What people copy: the issuer, its host alone, or the address of the document itself. */
function issuerOf(entered: string): URL {
  const text = entered
    .trim()
    .replace(/^(?=[^/:]+\.[^/:]+(?:\/|$))/, 'https://')
    .replace(/\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/?$/, '')
  if (isSafeUrl(text)) return new URL(text)
  throw invalid('issuer', 'Enter the whole address of the issuer: https://… (http:// only on this machine).')
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
