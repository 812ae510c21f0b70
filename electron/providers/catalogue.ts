import { LatchkeyError } from '../../shared/errors.ts'
import { checkDefinition } from './check.ts'
import type { Catalogue, Definition } from './definition.ts'

/** The definitions that ship, by file name. Vite and Vitest put their contents in at build time. */
const shipped = import.meta.glob<unknown>('./catalog/*.json', { eager: true, import: 'default' })

/** The catalogue that ships. Throws a plain `Error` that names file and field when a definition is broken. */
export function loadCatalogue(): Catalogue {
  return catalogueOf(shipped)
}

/** A catalogue of the given definitions, each checked. Keys are file names, shown in messages. */
export function catalogueOf(files: Record<string, unknown>): Catalogue {
  const definitions = new Map<string, Definition>()
  for (const [file, content] of Object.entries(files)) {
    const definition = checkDefinition(file, content)
    definitions.set(definition.id, definition)
  }
  const listed = [...definitions.values()].sort(inOrder)
  return {
    list: () => [...listed],
    get(id) {
      const definition = definitions.get(id)
      if (!definition) {
        throw new LatchkeyError('not_found', `There is no provider “${id}” in the catalogue.`, { field: 'provider' })
      }
      return definition
    },
  }
}

/** By name, with the ones that are not about one provider after the others. */
export function inOrder(a: Definition, b: Definition): number {
  return rank(a) - rank(b) || a.name.localeCompare(b.name, 'en')
}

function rank(definition: Definition): number {
  if (definition.client === 'built_in') return 2
  return definition.variables.some((variable) => variable.required) ? 1 : 0
}
