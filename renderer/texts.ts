import { english } from './texts/en.ts'

/**
 * Every sentence that the page itself says. What comes from the host (reasons, remedies, notices, steps) is said there.
 * Another language is one more object of this type, chosen here.
 */
export type Texts = typeof english

const languages: Record<string, Texts> = { en: english }

function choose(preferred: readonly string[]): Texts {
  for (const tag of preferred) {
    const found = languages[tag.split('-')[0] ?? '']
    if (found) return found
  }
  return english
}

export const t: Texts = choose(typeof navigator === 'undefined' ? [] : navigator.languages)
