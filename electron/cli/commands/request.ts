import { isUtf8 } from 'node:buffer'
import fs from 'node:fs'
import type { Command } from 'commander'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { SignedAnswer } from '../../../shared/models.ts'
import { readAll } from '../ask.ts'
import { UsageError } from '../errors.ts'
import { accountHelp, headers, seconds } from '../options.ts'
import type { Session } from '../session.ts'
import { teach } from '../teach.ts'
import { harmless, line } from '../text.ts'

/** Named otherwise in the help: with `--bound` there is one argument less. */
const usage = '[options] <account> <method> <url>\n       latchkey request [options] --bound <method> <url>'

export function addRequest(program: Command, session: Session): void {
  const request = program
    .command('request')
    .helpGroup('Using an account:')
    .usage(usage)
    .argument('<account>', `${accountHelp}; not with --bound`)
    .argument('<method>', 'GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS')
    .argument('[url]', "absolute, or relative to the provider's API")
    .description("send a request with the account's authorization and print the answer's body")
    .option('--bound', "use the account that the URL's host is bound to (latchkey bind)")
    .option('-H, --header <header>', "a header as 'Name: value'; can be repeated", headers, {})
    .option('-d, --data <body>', 'the body: text, @FILE, or @- for standard input')
    .option('-i, --include', 'print the status and the headers first')
    .option('-f, --fail', 'end with exit code 7 when the answer is not 2xx or 3xx')
    .option('--timeout <seconds>', 'give up after this time', seconds, 60)
    .action(async (first: string, second: string, third: string | undefined, options: RequestOptions) => {
      const { account, method, url } = targetOf([first, second, third], options)
      const sent = {
        method,
        url,
        timeout_ms: Math.round(options.timeout * 1000),
        ...(await headersAndBody(options, session)),
      }
      const answer = await (account === null
        ? session.client.requestToHost(sent)
        : session.client.request(account, sent))
      if (session.json) session.answer(answer, () => '')
      else printAnswer(answer, options, session)
      if (options.fail && answer.status >= 400) {
        throw new LatchkeyError('provider_error', `The provider answered ${statusLine(answer)}.`)
      }
    })
  teach(request, {
    examples: [
      ['latchkey request practice:ada GET /api/me', 'the body of the answer, on standard output'],
      [
        "latchkey request practice:ada POST /api/echo -H 'Content-Type: application/json' -d @body.json",
        'sends a file, as curl does',
      ],
      ['latchkey request --bound GET https://api.github.com/user', 'finds the account by the host'],
    ],
    notes: ['The request goes to hosts of the account alone; the program that asks never sees a token.'],
  })
}

function targetOf([first, second, third]: [string, string, string | undefined], { bound }: RequestOptions) {
  if (bound && third === undefined) return { account: null, method: first, url: second }
  if (!bound && third !== undefined) return { account: first, method: second, url: third }
  throw new UsageError(
    bound ? 'With --bound there is no account: latchkey request --bound METHOD URL' : 'Name account, method and URL.',
  )
}

interface RequestOptions {
  bound?: true
  header: Record<string, string>
  data?: string
  include?: true
  fail?: true
  timeout: number
}

async function headersAndBody(options: RequestOptions, session: Session) {
  if (options.data === undefined) return { headers: options.header }
  const body = await bodyFrom(options.data, session)
  const headers = { 'content-type': contentType(body), ...options.header }
  return isUtf8(body) ? { headers, body: body.toString('utf8') } : { headers, body_base64: body.toString('base64') }
}

async function bodyFrom(data: string, session: Session): Promise<Buffer> {
  if (data === '@-') return readAll(session.io)
  if (!data.startsWith('@')) return Buffer.from(data, 'utf8')
  try {
    return fs.readFileSync(data.slice(1))
  } catch (error) {
    throw new UsageError(`--data: ${(error as Error).message}`)
  }
}

/** JSON when it reads as a JSON object or array, else text, else bytes. A Content-Type of one's own goes before this. */
function contentType(body: Buffer): string {
  if (!isUtf8(body)) return 'application/octet-stream'
  try {
    if (typeof JSON.parse(body.toString('utf8')) === 'object') return 'application/json'
  } catch {
    // It is not JSON, then.
  }
  return 'text/plain; charset=utf-8'
}

const statusLine = (answer: SignedAnswer) => `HTTP ${answer.status} ${line(answer.status_text)}`.trim()

/** The body as it came; to a terminal only what cannot harm it. */
function printAnswer(answer: SignedAnswer, options: RequestOptions, session: Session): void {
  const { stdout } = session.io
  if (options.include) {
    const headers = Object.entries(answer.headers).map(([name, value]) => line(`${name}: ${value}`))
    stdout.write(`${[statusLine(answer), ...headers].join('\n')}\n\n`)
  } else if (answer.status >= 400) {
    session.note(`latchkey: the provider answered ${statusLine(answer)}.`)
  }
  if (answer.body !== null) {
    const text = stdout.isTTY ? harmless(answer.body) : answer.body
    stdout.write(stdout.isTTY && text !== '' && !text.endsWith('\n') ? `${text}\n` : text)
  } else if (answer.body_base64 !== null) {
    const bytes = Buffer.from(answer.body_base64, 'base64')
    if (stdout.isTTY)
      session.note(`latchkey: the body is ${bytes.length} bytes that are no text; send them to a file with >.`)
    else stdout.write(bytes)
  }
}
