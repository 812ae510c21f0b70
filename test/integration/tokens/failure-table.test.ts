import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { accountStatus } from '../../../electron/services/account-state.ts'
import type { Injection } from '../../doubles/token-gate.ts'
import { accountId, startBench } from './support.ts'

type Bench = Awaited<ReturnType<typeof startBench>>

interface Row {
  answer: string
  state: string
  callersGet: string
  grant: string
  nextTry: string
}

/** `one`: what the refreshes of a row meet, one each. What it gives back undoes it. */
interface Met {
  one: ((bench: Bench) => void | Promise<() => void>)[]
  /** The network's patience is made short. */
  slow?: boolean
  /** The access token is not made to expire first. */
  clockAlone?: boolean
}

const expired = 4000
const rows = tables(readFileSync(new URL('../../../docs/failures.md', import.meta.url), 'utf8'))

describe.each(rows)('docs/failures.md: $answer', ({ answer, state, callersGet, grant, nextTry }) => {
  it(`[F8] leads to ${state}`, async () => {
    const meets = whatIsMet(answer)
    const bench = await startBench({ timeoutMs: meets.slow ? 400 : 10_000 })
    for (const meet of meets.one) {
      bench.clock.advance(meets.clockAlone ? 0 : expired)
      const before = bench.vault.tokens.get(accountId)
      const undo = await meet(bench)
      const outcome = await bench.tokens.fresh(accountId).then(
        () => 'the token',
        (error: { code?: string }) => error.code,
      )
      expect(outcome).toBe(callersGet)
      expect(stateOf(bench)).toBe(state)

      const after = bench.vault.tokens.get(accountId)
      if (grant === 'renewed') expect(after?.accessToken).not.toBe(before?.accessToken)
      else expect(after).toEqual(before)
      expect(after?.refreshToken).toBeTruthy()
      expect(waitOf(bench)).toBe(nextTry)
      undo?.()
      await goesOn(bench, grant)
    }
  })
})

/** Nothing that was met may have left a mark: the next refresh works, or after an ended grant the next sign-in does. */
async function goesOn(bench: Bench, grant: string): Promise<void> {
  if (grant === 'ended') await bench.connect()
  expect((await bench.tokens.fresh(accountId, { force: true })).refreshed).toBe(true)
  expect(stateOf(bench)).toBe('active')
  expect(bench.vault.tokens.interruptedRefreshes()).toEqual([])
}

function stateOf({ vault, clock }: Bench): string | null {
  const account = vault.accounts.get(accountId)
  if (!account) return null
  const registration = vault.registrations.get(account.registrationId)
  return accountStatus(account, registration, vault.tokens.facts(accountId), clock.now()).state
}

function waitOf({ vault, clock }: Bench): string {
  const trouble = vault.accounts.get(accountId)?.trouble
  if (!trouble) return 'on expiry'
  if (trouble.retryAt === null) return 'never'
  return trouble.retryAt - clock.now() <= 6000 ? 'soon' : 'later'
}

/** What a row's first cell stands for: statuses and error codes as they are written, or one of `inWords`. */
function whatIsMet(answer: string): Met {
  const words = inWords[answer]
  if (words) return words
  const codes = [...answer.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')
  const statuses = codes.filter((code) => /^\d{3}$/.test(code)).map(Number)
  const errors = codes.filter((code) => !/^\d{3}$/.test(code))
  if (statuses.length === 0) throw new Error(`Nobody knows how to meet: ${answer}`)
  const injections: Injection[] = statuses.flatMap((status): Injection[] =>
    errors.length === 0
      ? [{ status, headers: { location: 'https://elsewhere.example/' } }]
      : errors.map((error) => ({ status, body: { error } })),
  )
  return {
    one: injections.map(
      (injection) =>
        ({ server }) =>
          server.next(injection),
    ),
  }
}

const meeting = (...injections: Injection[]) => ({
  one: injections.map(
    (injection) =>
      ({ server }: Bench) =>
        server.next(injection),
  ),
})
const text = (body: string, contentType = 'application/json', status = 200): Injection => ({
  status,
  headers: { 'content-type': contentType },
  body,
})
/** A good answer, made by hand so that the server's own refresh token stays as it is. */
const good = (changes: Record<string, unknown> = {}, headers = {}): Injection => ({
  status: 200,
  headers,
  body: { access_token: randomUUID(), token_type: 'Bearer', expires_in: 3600, ...changes },
})
const page = '<!doctype html><title>Welcome</title><p>Accept the terms to go online.'
const day = 86_400_000

/** Has the token endpoint at a port of its own, which `respond` answers, or nobody. */
const elsewhere = (respond: ((response: ServerResponse) => void) | null) => async (bench: Bench) => {
  const { server, settings } = bench
  const other = createServer((request, response) => {
    request.resume()
    respond?.(response)
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const token = `http://127.0.0.1:${(other.address() as AddressInfo).port}/token`
  const close = () => {
    other.close()
    other.closeAllConnections()
  }
  if (respond === null) close()
  const { definition } = settings
  const endpoints = { authorization: `${server.issuer}/auth`, token }
  settings.definition = server.definition({ discovery: undefined, endpoints })
  return () => {
    settings.definition = definition
    close()
  }
}

const inWords: Record<string, Met> = {
  'a page of HTML with status 200, as of a captive portal': meeting(text(page, 'text/html')),
  'a page of HTML with status 403, as of a firewall': meeting(text(page, 'text/html; charset=utf-8', 403)),
  'a connection that is reset before the request is read': meeting({ reset: 'request' }),
  'a connection that is reset in the middle of the answer': { one: [elsewhere(cutOff)] },
  'a server that is not there': { one: [elsewhere(null)] },
  silence: { one: [elsewhere(() => {})], slow: true },
  'an answer that comes one byte at a time, without end': { one: [elsewhere(drip)], slow: true },
  'an answer of more than 5 MB': meeting(text(`{"access_token":"${'a'.repeat(5_100_000)}"}`)),

  'nothing, with status 200': meeting(text('')),
  'half a JSON object': meeting(text('{"access_token":"half')),
  'a JSON array, text, number or null': meeting(text('[{"access_token":"a"}]'), text('"a"'), text('7'), text('null')),
  'JSON without an access token': meeting(text('{}'), text('{"token":"a","token_type":"Bearer"}')),
  'an access token that is a number, an object, null or empty': meeting(
    ...[7, { value: 'a' }, ['a'], null, ''].map((access_token) =>
      text(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: 60 })),
    ),
  ),
  'a token type that Latchkey cannot use': meeting(
    text('{"access_token":"a","token_type":"mac"}'),
    text('{"access_token":"a","token_type":7}'),
  ),

  'JSON under another content type, or after a byte order mark': meeting(
    good({}, { 'content-type': 'text/plain' }),
    good({}, { 'content-type': 'text/html' }),
    text(`\ufeff${JSON.stringify({ access_token: randomUUID(), token_type: 'Bearer' })}`),
  ),
  '`expires_in` as a text': meeting(good({ expires_in: '3600' })),
  '`expires_in` that is missing, null, negative, zero, endless or no number': meeting(
    ...[undefined, null, -5, 0, 1e13, 1e300, 'soon', {}].map((expires_in) => good({ expires_in })),
  ),
  'no refresh token in the answer, or an empty one': meeting(good(), good({ refresh_token: '' })),
  'an ID token that does not pass its checks': meeting(good({ id_token: 'not.a.jwt' })),
  'a Date header that is a day behind or ahead': meeting(
    ...[-day, day].map((by) => good({}, { date: new Date(Date.now() + by).toUTCString() })),
  ),

  'jumps a year ahead': { one: [({ clock }) => clock.advance(365 * 86_400)], clockAlone: true },
  'goes back by a day': { one: [({ clock }) => clock.advance(-86_400)], clockAlone: true },
}

function cutOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write('{"access_token":"', () => response.destroy())
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** The rows of all tables of five columns. */
function tables(markdown: string): Row[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.at(-2) !== 'Next try')
    .map(([, answer = '', state = '', callersGet = '', grant = '', nextTry = '']) => ({
      answer,
      state: state.replaceAll('`', ''),
      callersGet: callersGet.replaceAll('`', ''),
      grant,
      nextTry,
    }))
}
