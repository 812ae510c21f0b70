import type { ServerResponse } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { FlowError } from '../../../electron/oauth/ports.ts'
import { startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { newOAuth, quiet, redirectUri, settingsFor } from '../../integration/oauth/support.ts'

const metadata = '/.well-known/openid-configuration'
const json = (response: ServerResponse, body: unknown) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

it.each<[string, (response: ServerResponse, issuer: string) => unknown, RegExp]>([
  [
    'that redirects to itself',
    (response, issuer) => response.writeHead(302, { location: `${issuer}${metadata}` }).end(),
    /provider_error|invalid_answer/,
  ],
  [
    'that redirects to another host',
    (response) => response.writeHead(307, { location: `https://evil.example${metadata}` }).end(),
    /provider_error|invalid_answer/,
  ],
  [
    'of six million letters',
    (response, issuer) => json(response, { issuer, padding: 'a'.repeat(6_000_000) }),
    /invalid_answer/,
  ],
  [
    'that is a page',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    /invalid_answer/,
  ],
  ['that is an array', (response, issuer) => json(response, [{ issuer }]), /invalid_answer|issuer_mismatch/],
  ['that is null', (response) => json(response, null), /invalid_answer/],
  ['without endpoints', (response, issuer) => json(response, { issuer }), /provider_error/],
  [
    'with endpoints that are no texts',
    (response, issuer) => json(response, { issuer, authorization_endpoint: 7, token_endpoint: {} }),
    /provider_error|invalid_answer/,
  ],
  [
    'of an issuer below this one',
    (response, issuer) => json(response, { issuer: `${issuer}/tenant` }),
    /issuer_mismatch/,
  ],
  [
    'that breaks off',
    (response) => response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    /provider_unreachable/,
  ],
])('[F2] metadata %s leads nobody anywhere', async (_what, respond, failure) => {
  const server = await startAuthorizationServer()
  onTestFinished(() => server.close())
  server.answer(metadata, (_, response) => respond(response, server.issuer))
  const begin = newOAuth().beginAuthorization(settingsFor(server), { redirectUri, scopes: ['openid'], ...quiet })
  const error = await begin.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(FlowError)
  if (!(error instanceof FlowError)) return
  expect(error.failure).toMatch(failure)
  expect(error.message).toMatch(/^[^<>]{10,400}$/)
  expect(server.tokenRequests).toEqual([])
})
