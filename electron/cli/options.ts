import { InvalidArgumentError } from 'commander'

/**
 * How the values of options are read. What stands between the brackets of an argument or option (`<account>`, `<app>`,
 * `<file>`) also says how the shell completes it; see completion/kinds.ts.
 */

export const accountHelp = 'an alias, an id, or provider:identity'
export const appHelp = "an app's name or id"

/** Splits at spaces and commas, as people write scopes. */
export const words = (value: string): string[] => value.split(/[\s,]+/).filter((it) => it !== '')

/** Gathers an option that can be repeated. */
export const collect = (value: string, before: string[]): string[] => [...before, value]

/** A length of time in seconds, above zero. */
export function seconds(value: string): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('It has to be a number of seconds.')
  return number
}

/** A whole number from 1. */
export function whole(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It has to be a whole number from 1.')
  return number
}

/** Gathers `name=value`. */
export function pairs(value: string, before: Record<string, string>): Record<string, string> {
  const at = value.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It has to be of the form name=value.')
  return { ...before, [value.slice(0, at)]: value.slice(at + 1) }
}

/** Gathers `Name: value` with lower-case names. RFC 9110 5.3: a repeated field is one with the values joined. */
export function headers(value: string, before: Record<string, string>): Record<string, string> {
  const at = value.indexOf(':')
  if (at < 1) throw new InvalidArgumentError("It has to be of the form 'Name: value'.")
  const name = value.slice(0, at).trim().toLowerCase()
  const text = value.slice(at + 1).trim()
  return { ...before, [name]: before[name] === undefined ? text : `${before[name]}, ${text}` }
}

/** Gathers values that are each one of `known`, between commas or repeated; `what` names one of them. */
export const among =
  <T extends string>(known: readonly T[], what: string) =>
  (value: string, before: T[] = []): T[] => {
    const all = words(value)
    const found = all.flatMap((word) => known.find((it) => it.toLowerCase() === word.toLowerCase()) ?? [])
    if (found.length === 0 || found.length < all.length) {
      throw new InvalidArgumentError(`A ${what} is one of ${known.join(', ')}.`)
    }
    return [...new Set([...before, ...found])]
  }
