import { LatchkeyError } from '../../../shared/errors.ts'
import type { Definition } from '../../providers/definition.ts'
import type { Vault } from '../../vault/ports.ts'
import type { OwnCatalogue } from '../provider-catalogue.ts'
import { readDefinition } from '../provider-check.ts'
import { hostWarnings } from '../provider-hosts.ts'
import type { Contents } from './contents.ts'

/** What becomes of all that belongs to one provider. `note`: something worth saying of what is imported. */
export type ProviderVerdict =
  | { use: Definition; note: string | null; leftOut?: never }
  | { leftOut: string; use?: never; note?: never }

export interface ProviderMerge {
  verdict(providerId: string): ProviderVerdict
  /** Those of the file that nobody has here. */
  readonly added: readonly Definition[]
  /** Those that will be there afterwards. */
  readonly all: readonly Definition[]
}

/**
 * A provider that is here stays as it is. Where the one of the same id in the file is another, its tokens and secrets must
 * not reach hosts that they were not meant for: they are left out as soon as this one leads to any other host.
 */
export function mergeProviders(
  { vault, catalogue }: { vault: Pick<Vault, 'providers'>; catalogue: Pick<OwnCatalogue, 'list'> },
  providers: Contents['providers'],
): ProviderMerge {
  const here = new Map(catalogue.list().map((definition) => [definition.id, definition]))
  const stored = new Set(vault.providers.list().map(({ id }) => id))
  const verdicts = new Map<string, ProviderVerdict>()
  const added: Definition[] = []
  for (const given of providers) {
    if (verdicts.has(given.id)) continue
    const verdict = judge(given, here.get(given.id) ?? null, stored)
    verdicts.set(given.id, verdict)
    if (verdict.use && !here.has(given.id)) added.push(verdict.use)
  }
  return {
    added,
    all: [...here.values(), ...added],
    verdict(providerId) {
      const known = verdicts.get(providerId)
      if (known) return known
      const definition = here.get(providerId)
      if (definition === undefined) return { leftOut: `This Latchkey knows no provider “${providerId}”.` }
      if (definition.client === 'built_in')
        return { leftOut: `${definition.name} is a part of each profile of its own.` }
      return { use: definition, note: null }
    },
  }
}

function judge(given: Contents['providers'][number], here: Definition | null, stored: Set<string>): ProviderVerdict {
  const definition = read(given)
  if (definition === null || (here === null && stored.has(given.id))) {
    return { leftOut: `The definition of the provider “${given.id}” does not fit this version of Latchkey.` }
  }
  if (here === null || JSON.stringify(here) === JSON.stringify(definition)) return { use: definition, note: null }
  const { name } = here
  const hosts = hostWarnings(definition, here)
  if (hosts.length === 0)
    return { use: here, note: `The provider ${name} here is not quite the one in the file; it was kept.` }
  return {
    leftOut: `The provider ${name} here is another than the one in the file and leads to other hosts; it was kept.`,
  }
}

function read(given: Contents['providers'][number]): Definition | null {
  try {
    return readDefinition(given, 'document')
  } catch (error) {
    if (error instanceof LatchkeyError) return null
    throw error
  }
}
