import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a token request can meet before or instead of the authorization server's own answer. */
export type Injection =
  /** Answers in the server's place; the server never sees the request. */
  | { status: number; headers?: Record<string, string>; body?: string | Record<string, unknown> }
  /** `request`: cut off before the server sees it. `answer`: the server has done its work, the answer is lost. */
  | { reset: 'request' | 'answer' }
  /** Waits until released; `answer` waits after the server has done its work. */
  | { hold: 'request' | 'answer'; until: Promise<void>; arrived: () => void }
  /** Lets the server answer and changes the answer. */
  | { edit: (answer: Record<string, unknown>) => Record<string, unknown>; headers?: Record<string, string> }

export interface TokenGate {
  /** The `grant_type`s of all token requests so far. */
  tokenRequests: string[]
  /** How many token requests were refreshes. */
  refreshes(): number
  /** What the next token requests meet, one each, in order. */
  next(...injections: Injection[]): void
  /** What every token request meets until `always(null)`. */
  always(injection: Injection | null): void
  /** Holds the next token request; `arrived` resolves when it is there. */
  hold(at?: 'request' | 'answer'): { arrived: Promise<void>; release: () => void }
}

/** Stands in front of the token endpoint. */
export function createTokenGate() {
  const tokenRequests: string[] = []
  const queue: Injection[] = []
  let every: Injection | null = null

  async function pass(request: IncomingMessage, response: ServerResponse, proceed: () => unknown): Promise<void> {
    const body = await overhear(request)
    tokenRequests.push(new URLSearchParams(body).get('grant_type') ?? '')
    const injection = queue.shift() ?? every
    if (!injection) return void (await proceed())
    if ('status' in injection) {
      const text = typeof injection.body === 'object' ? JSON.stringify(injection.body) : (injection.body ?? '')
      const type = typeof injection.body === 'object' ? 'application/json' : 'text/plain'
      response.writeHead(injection.status, { 'content-type': type, ...injection.headers })
      response.end(text)
      return
    }
    if ('reset' in injection) {
      if (injection.reset === 'answer') atEnd(response, () => response.destroy())
      else return void request.socket.destroy()
    }
    if ('hold' in injection) {
      if (injection.hold === 'request') {
        injection.arrived()
        await injection.until
      } else {
        atEnd(response, (finish) => {
          injection.arrived()
          injection.until.then(() => finish())
        })
      }
    }
    if ('edit' in injection) {
      atEnd(response, (finish, text) => {
        const edited = JSON.stringify(injection.edit(JSON.parse(text)))
        response.setHeader('content-length', Buffer.byteLength(edited))
        for (const [name, value] of Object.entries(injection.headers ?? {})) response.setHeader(name, value)
        finish(edited)
      })
    }
    await proceed()
  }

  const controls: TokenGate = {
    tokenRequests,
    refreshes: () => tokenRequests.filter((type) => type === 'refresh_token').length,
    next: (...injections) => void queue.push(...injections),
    always: (injection) => {
      every = injection
    },
    hold: (at = 'request') => {
      const until = Promise.withResolvers<void>()
      const arrived = Promise.withResolvers<void>()
      queue.push({ hold: at, until: until.promise, arrived: arrived.resolve })
      return { arrived: arrived.promise, release: until.resolve }
    },
  }
  return { pass, controls }
}

/** The whole body, left in the stream for the server to read: it insists on reading it itself. */
function overhear(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const parts: Uint8Array[] = []
    const push = request.push.bind(request)
    request.push = (chunk, encoding) => {
      if (chunk === null) resolve(Buffer.concat(parts).toString())
      else parts.push(chunk)
      return push(chunk, encoding)
    }
  })
}

/** Puts `work` between the server's finished answer and its way out. */
function atEnd(response: ServerResponse, work: (finish: (text?: string) => void, text: string) => void): void {
  const end = response.end.bind(response)
  response.end = ((chunk?: unknown) => {
    const text = chunk === undefined ? '' : String(chunk)
    work((changed) => end(changed ?? text), text)
    return response
  }) as typeof response.end
}
