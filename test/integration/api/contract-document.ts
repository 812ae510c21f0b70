import http from 'node:http'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { httpStatus, type WireError } from '../../../shared/errors.ts'
import { type Answer, hostAndPort, request } from './world.ts'

type Json = Record<string, unknown>

interface Described {
  responses: Record<string, Json>
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, unknown> }
  security: Record<string, unknown>[]
}

/** One operation of the document, and where it stands. */
export interface Operation extends Described {
  id: string
  method: string
  path: string
  keys: string[]
}

export interface Call {
  /** null: none. */
  key: string | null
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: unknown
  /** The body breaks the document on purpose. */
  wrong?: boolean
}

/** Statuses that are more exact than the error's code alone (docs/local-api.md, Errors). */
const exact: Record<number, WireError['code']> = {
  405: 'forbidden',
  408: 'timeout',
  415: 'invalid_request',
  417: 'invalid_request',
  431: 'too_large',
}

/**
 * Calls of a running server, each held against the server's own OpenAPI document: what is sent, the status, the media
 * type, and the body, in which nothing may stand that the document does not name.
 */
export function readDocument(document: Json, base: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema(closed(document) as Json, 'api', undefined, false)
  const operations = new Map<string, Operation>()
  for (const [path, methods] of Object.entries(document.paths as Record<string, Record<string, Described & Json>>)) {
    for (const [method, it] of Object.entries(methods)) {
      const id = String(it.operationId)
      const keys = it.security.flatMap((each) => Object.keys(each))
      operations.set(id, { ...it, id, keys, method: method.toUpperCase(), path })
    }
  }
  const answered = new Set<string>()

  function complaintsOf(value: unknown, ...at: string[]): string[] {
    const pointer = at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = ajv.getSchema(`api#/${pointer}`)
    if (validate === undefined) return [`The document has nothing at ${pointer}.`]
    if (validate(value)) return []
    return (validate.errors ?? []).map((it) => `${it.instancePath} ${it.message} ${JSON.stringify(it.params)}`)
  }

  function operation(id: string): Operation {
    const found = operations.get(id)
    if (found === undefined) throw new Error(`The document has no operation ${id}.`)
    return found
  }

  function fits(it: Operation, { path = {}, query = {}, body, wrong }: Call): void {
    const at = ['paths', it.path, it.method.toLowerCase()]
    const named = (place: string) => (it.parameters ?? []).filter((each) => each.in === place).map(({ name }) => name)
    expect(Object.keys(path).sort(), `path of ${it.id}`).toEqual(named('path').sort())
    if (wrong) return
    expect(named('query'), `query of ${it.id}`).toEqual(expect.arrayContaining(Object.keys(query)))
    if (body === undefined || it.requestBody?.content['application/json'] === undefined) return
    const said = complaintsOf(body, ...at, 'requestBody', 'content', 'application/json', 'schema')
    expect(said, `what was sent to ${it.id}`).toEqual([])
  }

  function check(it: Operation, answer: Answer): void {
    const good = answer.status >= 200 && answer.status < 300
    if (good) expect(Object.keys(it.responses), `status of ${it.id}: ${answer.text}`).toContain(String(answer.status))
    const status = String(answer.status) in it.responses ? String(answer.status) : 'default'
    const response = it.responses[status] ?? {}
    const reference = typeof response.$ref === 'string' ? response.$ref.slice(2).split('/') : null
    const at = reference ?? ['paths', it.path, it.method.toLowerCase(), 'responses', status]
    const described = at.reduce<Json>((inside, part) => inside[part] as Json, document)
    const content = described.content as Record<string, { schema: Json }> | undefined
    const type = String(answer.headers['content-type'] ?? '').split(';')[0]
    if (content === undefined || it.method === 'HEAD') {
      expect(answer.text, `${it.id} answers no body`).toBe('')
      return
    }
    if (content['*/*'] !== undefined) return
    expect(Object.keys(content), `media type of ${it.id}`).toContain(type)
    const schema = [...at, 'content', type ?? '', 'schema']
    const inside = content[type ?? '']?.schema.contentSchema !== undefined
    const values = type === 'application/json' ? [answer.json] : piecesOf(type ?? '', answer.text)
    for (const value of values) {
      const said = complaintsOf(value, ...schema, ...(inside ? ['contentSchema'] : []))
      expect(said, `answer ${answer.status} of ${it.id}: ${JSON.stringify(value).slice(0, 2000)}`).toEqual([])
    }
    if (good) return
    const { error } = answer.json as { error: WireError }
    expect(exact[answer.status] ?? error.code, `code of ${it.id}`).toBe(error.code)
    if (exact[answer.status] === undefined)
      expect(httpStatus[error.code], `${it.id}: ${error.code}`).toBe(answer.status)
  }

  const addressOf = (it: Operation, { path = {}, query = {} }: Call): string => {
    const filled = it.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      // What stands behind `/proxy/` goes as it is.
      name === 'target' ? (path[name] ?? '') : encodeURIComponent(path[name] ?? ''),
    )
    return Object.keys(query).length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`
  }

  async function call(id: string, options: Call): Promise<Answer> {
    const it = operation(id)
    fits(it, options)
    const { key, body } = options
    const host = new URL(base).host
    const headers = {
      host,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    }
    const target = addressOf(it, options)
    const answer = await (id === 'events'
      ? firstOf(host, target, headers)
      : request({ where: hostAndPort(host), method: it.method, target, headers, body }))
    check(it, answer)
    if (answer.status < 300) answered.add(id)
    return answer
  }

  return {
    operations: [...operations.values()],
    call,
    check,
    operation,
    /** Operations that have given no good answer yet. */
    unanswered: () => [...operations.keys()].filter((id) => !answered.has(id)),
  }
}

export type Document = ReturnType<typeof readDocument>

/** JSON lines, or the data of events (HTML Standard 9.2). */
function piecesOf(type: string, text: string): unknown[] {
  const lines = text.split('\n')
  const data = type === 'text/event-stream' ? lines.filter((line) => line.startsWith('data: ')) : lines
  return data.filter((line) => line !== '').map((line) => JSON.parse(line.replace(/^data: /, '')))
}

/** An event stream has no end: what has come once the first event is there, or all of it when it is refused. */
function firstOf(host: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = http.get({ ...hostAndPort(host), path, headers, agent: false }, (incoming) => {
      let text = ''
      const done = () => {
        const { statusCode: status = 0, headers } = incoming
        resolve({ status, headers, text, json: status < 300 ? undefined : JSON.parse(text) })
        sent.destroy()
      }
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (/^data: .*\n\n/m.test(text)) done()
      })
      incoming.on('end', done).on('error', reject)
    })
    sent.on('error', reject)
  })
}

/** The same schemas, in which an object has the fields that it names and no others. */
function closed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(closed)
  if (typeof json !== 'object' || json === null) return json
  if ('allOf' in json) throw new Error('The parts of allOf cannot be closed one by one.')
  const copy = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, closed(value)]))
  const names = copy.type === 'object' && typeof copy.properties === 'object'
  return names && !('additionalProperties' in copy) ? { ...copy, additionalProperties: false } : copy
}
