import type { Provider } from '../../../shared/models.ts'

/** True when every word stands in the provider's name, id, category or description. */
export function providerFits({ id, name, category, description }: Provider, search: string): boolean {
  const text = `${id}\n${name}\n${category}\n${description}`.toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
