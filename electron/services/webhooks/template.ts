import { readPath } from '../../providers/answer-mapping.ts'
import type { Delivery } from './arrival.ts'

/** Templates of webhook settings (shared/contract-webhooks.ts). Pure. */

const placeholder = /\{([^{}]*)\}/g

/** What every placeholder of a template names, in order. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(placeholder)].map((match) => match[1] ?? '')
}

export const isKnown = (name: string, allowed: readonly string[]) =>
  allowed.includes(name) ||
  /^header:[A-Za-z0-9-]+$/.test(name) ||
  (allowed.includes('body:') && /^body:\S+$/.test(name))

/** The text of a template, or null when something that it names is not there. */
export function fillText(template: string, delivery: Delivery): string | null {
  let complete = true
  const text = template.replace(placeholder, (_, name: string) => {
    const value = placeholderValue(name, delivery)
    if (value === null) complete = false
    return value ?? ''
  })
  return complete && text !== '' ? text : null
}

/** The first template that can be filled. */
export function fillFirst(templates: readonly string[], delivery: Delivery): { text: string; template: string } | null {
  for (const template of templates) {
    const text = fillText(template, delivery)
    if (text !== null) return { text, template }
  }
  return null
}

function placeholderValue(name: string, { headers, document }: Delivery): string | null {
  if (name.startsWith('header:')) return headers[name.slice('header:'.length).toLowerCase()] ?? null
  const value = name.startsWith('body:') ? readPath(document, name.slice('body:'.length)) : undefined
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

/** What was signed, as bytes: the body may be no text at all. Null when something that the template names is missing. */
export function signedBytes(template: string, delivery: Delivery, timestamp: string | null): Buffer | null {
  const parts: Buffer[] = []
  let end = 0
  for (const match of template.matchAll(placeholder)) {
    const name = match[1] ?? ''
    const value = name === 'body' ? delivery.body : name === 'timestamp' ? timestamp : placeholderValue(name, delivery)
    if (value === null) return null
    parts.push(Buffer.from(template.slice(end, match.index)), Buffer.from(value as string))
    end = match.index + match[0].length
  }
  parts.push(Buffer.from(template.slice(end)))
  return Buffer.concat(parts)
}

/** All values at a path in which `[]` stands for every item of a list. */
export function readEvery(document: unknown, path: string): unknown[] {
  const [head = '', ...rest] = path.split('[]')
  const value = head === '' ? document : readPath(document, head)
  if (rest.length === 0) return [value]
  const tail = rest.join('[]').replace(/^\./, '')
  if (!Array.isArray(value)) return []
  return value.flatMap((item) => (tail === '' ? [item] : readEvery(item, tail)))
}
