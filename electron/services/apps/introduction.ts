import type { CallerFacts, PairInput, WantInput } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { plainText } from '../../platform/plain-text.ts'
import { hostText, parseHost } from '../../signer/policy.ts'
import type { AskedFor } from '../../vault/ports-apps.ts'
import { readPrefix } from './path-prefix.ts'

/** What a program says of itself, and what the system says of it, as it may be shown to a person and kept. */

/** Throws `invalid_request` with the field. */
export function readIntroduction(input: PairInput): { name: string; purpose: string; wants: AskedFor[] } {
  const name = cleanName(input.name, 'name')
  const purpose = plainText(input.purpose, 500)
  if (purpose === '') throw invalid('purpose', 'Say in a sentence what the program is for.')
  return { name, purpose, wants: input.wants.map((want, place) => readWant(want, `wants.${place}`)) }
}

/** Throws `invalid_request` when nothing of it can be seen. */
export function cleanName(name: string, field: string): string {
  const clean = plainText(name, 80)
  if (clean !== '') return clean
  throw invalid(field, 'A name has characters that can be seen.')
}

export function cleanUserAgent(userAgent: string | null): string | null {
  return (userAgent === null ? '' : plainText(userAgent, 200)) || null
}

/** A path or a process name is chosen by whoever wrote the program. */
export function cleanFacts(facts: CallerFacts): CallerFacts {
  const clean = (text: string | null) => (text === null ? null : plainText(text, 500))
  return {
    transport: facts.transport,
    pid: facts.pid,
    user: clean(facts.user),
    process: clean(facts.process),
    executable: clean(facts.executable),
    script: clean(facts.script),
    started_by: facts.started_by.slice(0, 10).map((name) => plainText(name, 200)),
  }
}

function readWant(want: WantInput, field: string): AskedFor {
  const forRequests = want.rights.includes('request')
  return {
    account: want.account === undefined ? null : plainText(want.account, 300) || null,
    provider: want.provider === undefined ? null : plainText(want.provider, 100) || null,
    rights: [...new Set(want.rights)],
    hosts: forRequests ? readHosts(want.hosts, `${field}.hosts`) : [],
    methods: forRequests ? [...new Set(want.methods)] : [],
    pathPrefix: forRequests ? readPathPrefix(want.path_prefix, `${field}.path_prefix`) : null,
  }
}

/** Hosts as the destination policy writes them. Throws `invalid_request`. */
export function readHosts(hosts: readonly string[], field: string): string[] {
  const read = hosts.map((host) => {
    const entry = parseHost(host)
    if (entry === null) throw invalid(field, 'A host is written host, host:port or *.host, and *.host has a dot in it.')
    return hostText(entry)
  })
  return [...new Set(read)]
}

/** Throws `invalid_request`. */
export function readPathPrefix(prefix: string | null, field: string): string | null {
  if (prefix === null) return null
  const read = readPrefix(prefix)
  if (read !== null) return read.prefix
  throw invalid(
    field,
    'A path prefix begins with a slash and holds no dots as segments, empty segments, semicolons, backslashes or encoded ones of them.',
  )
}

export function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
