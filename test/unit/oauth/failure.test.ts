import { describe, expect, it } from 'vitest'
import {
  answerLost,
  judgeRefreshFailure,
  neverSent,
  type RefreshFailure,
  retryAfter,
} from '../../../electron/oauth/failure.ts'
import { RefreshError } from '../../../electron/oauth/ports.ts'

const answered = (status: number, error: string | null = null, contentType = 'application/json'): RefreshFailure => ({
  status,
  error,
  readable: contentType === 'application/json',
  contentType,
})
const silent = (cause: 'network' | 'timeout'): RefreshFailure => ({
  status: null,
  error: null,
  readable: false,
  contentType: '',
  cause,
})

describe('the judgement of a failed refresh', () => {
  it.each([
    ['no answer', silent('network'), 'transient', 'network'],
    ['no answer in time', silent('timeout'), 'transient', 'timeout'],
    ['408', answered(408), 'transient', '408'],
    ['425', answered(425), 'transient', '425'],
    ['429', answered(429), 'transient', '429'],
    ['429 with an error', answered(429, 'invalid_request'), 'transient', 'invalid_request'],
    ['500', answered(500), 'transient', '500'],
    ['502 of a gateway', answered(502, null, 'text/html'), 'transient', '502'],
    ['503 even with invalid_grant', answered(503, 'invalid_grant'), 'transient', 'invalid_grant'],
    ['temporarily_unavailable', answered(400, 'temporarily_unavailable'), 'transient', 'temporarily_unavailable'],
    ['server_error', answered(400, 'server_error'), 'transient', 'server_error'],
    ['a page instead of an answer', answered(200, null, 'text/html'), 'transient', 'invalid_answer'],
    ['a page of a proxy', answered(403, null, 'text/html'), 'transient', 'invalid_answer'],
    ['a redirect to a login', answered(302, null, ''), 'transient', 'invalid_answer'],
    ['half an answer', answered(200, null, 'text/plain'), 'transient', 'invalid_answer'],
    ['invalid_grant', answered(400, 'invalid_grant'), 'fatal', 'invalid_grant'],
    ['invalid_grant under 401', answered(401, 'invalid_grant'), 'fatal', 'invalid_grant'],
    ['bad_refresh_token', answered(400, 'bad_refresh_token'), 'fatal', 'bad_refresh_token'],
    ['invalid_refresh_token', answered(400, 'invalid_refresh_token'), 'fatal', 'invalid_refresh_token'],
    ['token_expired', answered(400, 'token_expired'), 'fatal', 'token_expired'],
    ['interaction_required', answered(400, 'interaction_required'), 'fatal', 'interaction_required'],
    ['invalid_client', answered(401, 'invalid_client'), 'refused', 'invalid_client'],
    ['unauthorized_client', answered(400, 'unauthorized_client'), 'refused', 'unauthorized_client'],
    ['invalid_scope', answered(400, 'invalid_scope'), 'refused', 'invalid_scope'],
    ['unsupported_grant_type', answered(400, 'unsupported_grant_type'), 'refused', 'unsupported_grant_type'],
    ['invalid_request', answered(400, 'invalid_request'), 'refused', 'invalid_request'],
    ['an error that nobody knows', answered(400, 'teapot'), 'refused', 'teapot'],
    ['404 with JSON', answered(404), 'refused', '404'],
    ['403 with text', answered(403, null, 'text/plain'), 'refused', 'invalid_answer'],
  ])('[F8] %s', (_, failure, kind, code) => {
    expect(judgeRefreshFailure(failure)).toEqual({ kind, code })
  })

  it('[F8] knows no status that alone ends a grant', () => {
    for (let status = 200; status < 600; status++) {
      expect(judgeRefreshFailure(answered(status)).kind).not.toBe('fatal')
      expect(judgeRefreshFailure(answered(status, null, 'text/html')).kind).not.toBe('fatal')
    }
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2025-06-01T12:00:00Z')
  it.each([
    ['seconds', '120', 120_000],
    ['none', '0', 0],
    ['a date', 'Sun, 01 Jun 2025 12:00:30 GMT', 30_000],
    ['a date gone by', 'Sun, 01 Jun 2025 11:00:00 GMT', 0],
    ['nothing', null, null],
    ['nonsense', 'soon', null],
    ['a negative number', '-5', null],
    ['half a number', '1.5', null],
  ])('reads %s', (_, header, expected) => {
    expect(retryAfter(header, now)).toBe(expected)
  })
})

describe('a request that did not get an answer', () => {
  const caused = (code: string) => new Error('fetch failed', { cause: Object.assign(new Error('x'), { code }) })

  it('never left when there was no name, no way, no connection or no trusted certificate', () => {
    for (const code of ['ENOTFOUND', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED']) {
      expect(neverSent(caused(code))).toBe(true)
    }
    expect(neverSent(new AggregateError([caused('ECONNREFUSED'), caused('ENETUNREACH')]))).toBe(true)
  })

  it('may have arrived in every other case', () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'ETIMEDOUT', 'EPIPE'])
      expect(neverSent(caused(code))).toBe(false)
    expect(neverSent(new AggregateError([caused('ECONNREFUSED'), caused('ECONNRESET')]))).toBe(false)
    expect(neverSent(new Error('anything'))).toBe(false)
    expect(neverSent('anything')).toBe(false)
  })

  it('[F8] may have cost a rotated refresh token only when it was sent and nothing of use came back', () => {
    const lost = (code: string, sent = true) => answerLost(new RefreshError('transient', code, '', { sent }))
    expect([lost('network'), lost('timeout'), lost('invalid_answer'), lost('504')]).toEqual([true, true, true, true])
    expect([lost('network', false), lost('503'), lost('429')]).toEqual([false, false, false])
  })
})
