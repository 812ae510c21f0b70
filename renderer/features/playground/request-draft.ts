import type { Provider } from '../../../shared/models.ts'
import { t } from '../../texts.ts'

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
export type HttpMethod = (typeof methods)[number]

export interface RequestDraft {
  account: string
  method: HttpMethod
  url: string
  headers: string
  body: string
}

export const carriesBody = (method: HttpMethod) => method !== 'GET' && method !== 'HEAD'

/** Headers from lines of `Name: value` (RFC 9110 5.1: a name is a token); the first wrong line is named. */
export function parseHeaders(text: string): { headers: Record<string, string>; error: string | null } {
  const headers: Record<string, string> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const match = /^\s*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*:\s*(.*?)\s*$/.exec(line)
    if (!match) return { headers: {}, error: t.playground.headersWrong(index + 1) }
    headers[match[1] ?? ''] = match[2] ?? ''
  }
  return { headers, error: null }
}

/** A provider's base URL with the registration's variables in it; null while one of them is missing. */
export function filledBase(base: string | null, variables: Record<string, string>): string | null {
  const filled = base?.replace(/\{(\w+)\}/g, (whole, name: string) => variables[name] || whole) ?? null
  return filled === null || /\{\w+\}/.test(filled) ? null : filled
}

/** What a harmless first request could be. */
export function suggestions(provider: Provider | undefined): string[] {
  if (!provider) return []
  const known: Record<string, string[]> = {
    practice: ['/api/me', '/api/echo'],
    google: ['https://openidconnect.googleapis.com/v1/userinfo'],
    microsoft: ['/me'],
    github: ['/user', '/user/repos?per_page=5'],
  }
  return known[provider.id] ?? []
}

/** A JSON body set out for reading; any other text as it is. */
export function formatted(body: string, contentType: string): { text: string; json: boolean } {
  if (/\bjson\b|\+json\b/i.test(contentType) || /^\s*[[{]/.test(body)) {
    try {
      return { text: JSON.stringify(JSON.parse(body), null, 2), json: true }
    } catch {
      // It only looked like JSON.
    }
  }
  return { text: body, json: false }
}

/** One word for a POSIX shell. */
const quote = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/**
 * The same request through the local API, as a command. The owner key is read from its file when the command runs, so
 * that neither this text nor the shell's history holds it.
 */
export function curlFor(draft: RequestDraft, api: { http: string; profile: string }): string {
  const { headers } = parseHeaders(draft.headers)
  const body = {
    method: draft.method,
    url: draft.url,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(carriesBody(draft.method) && draft.body !== '' ? { body: draft.body } : {}),
  }
  const keyFile = quote(`${api.profile.replace(/\/$/, '')}/owner.key`)
  return [
    `curl ${quote(`${api.http}/v1/accounts/${encodeURIComponent(draft.account)}/request`)} \\`,
    `  -H "Authorization: Bearer $(cat ${keyFile})" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quote(JSON.stringify(body))}`,
  ].join('\n')
}
