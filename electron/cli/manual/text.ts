import { wrap } from '../teach.ts'
import type { Topic } from './topics.ts'

/** A topic as it is shown at a terminal. */
export function topicText({ title, blocks }: Topic): string {
  const parts = blocks.map((block) => {
    if (typeof block === 'string') return wrap(block)
    if ('code' in block) return block.code.map((it) => `  ${it}`).join('\n')
    const wide = Math.max(...block.terms.map(([term]) => term.length))
    return block.terms.map(([term, meaning]) => `  ${term.padEnd(wide)}  ${meaning}`).join('\n')
  })
  return [title, ...parts].join('\n\n')
}
