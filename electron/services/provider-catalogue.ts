import { LatchkeyError } from '../../shared/errors.ts'
import type { Provider } from '../../shared/models.ts'
import type { Logger } from '../platform/ports.ts'
import { inOrder } from '../providers/catalogue.ts'
import { checkDefinition, DefinitionError } from '../providers/check.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import type { ProviderRecord, Vault } from '../vault/ports.ts'

/** The catalogue that ships with the providers that the person made or changed laid over it. */
export interface OwnCatalogue extends Catalogue {
  /** Of a provider that `list` has. */
  origin(id: string): Provider['origin']
  /** As it shipped, or null for an own one. */
  shipped(id: string): Definition | null
  /** To be called after every change of what is stored. */
  changed(): void
}

interface Own {
  definitions: Map<string, Definition>
  /** Those that do not fit this version, with what is wrong. */
  broken: Map<string, string>
  listed: Definition[]
}

/**
 * What is stored is read and checked once and kept until it changes or the vault is locked; a locked vault shows what
 * ships. A stored definition that this version cannot read hides nothing and is kept: asking for it says what is wrong.
 */
export function createOwnCatalogue(
  shipped: Catalogue,
  { vault, logger }: { vault: Pick<Vault, 'status' | 'providers'>; logger: Logger },
): OwnCatalogue {
  const catalogue = new Map(shipped.list().map((definition) => [definition.id, definition]))
  let own: Own | null = null

  function read(): Own {
    const definitions = new Map<string, Definition>()
    const broken = new Map<string, string>()
    for (const record of vault.providers.list()) {
      const definition = parse(record)
      if (definition instanceof DefinitionError) {
        broken.set(record.id, `${definition.field}: ${definition.problem}`)
        logger.warn('A stored provider does not fit this version.', { provider: record.id, field: definition.field })
      } else definitions.set(record.id, definition)
    }
    return { definitions, broken, listed: [...new Map([...catalogue, ...definitions]).values()].sort(inOrder) }
  }

  /** null while the vault is locked. */
  function current(): Own | null {
    if (vault.status().state !== 'unlocked') own = null
    else own ??= read()
    return own
  }

  return {
    list: () => [...(current()?.listed ?? shipped.list())],
    get(id) {
      const known = current()
      const definition = known?.definitions.get(id)
      if (definition) return definition
      const problem = known?.broken.get(id)
      if (problem === undefined) return shipped.get(id)
      throw new LatchkeyError('invalid_request', `The stored definition of “${id}” cannot be used. ${problem}.`, {
        field: 'provider',
        action: { text: 'Save it anew, or remove it.' },
      })
    },
    origin(id) {
      if (!current()?.definitions.has(id)) return 'catalogue'
      return catalogue.has(id) ? 'changed' : 'own'
    },
    shipped: (id) => catalogue.get(id) ?? null,
    changed() {
      own = null
    },
  }
}

function parse(record: ProviderRecord): Definition | DefinitionError {
  try {
    return checkDefinition(record.id, JSON.parse(record.definition))
  } catch (error) {
    if (error instanceof DefinitionError) return error
    return new DefinitionError(record.id, '(whole definition)', 'is not JSON')
  }
}
