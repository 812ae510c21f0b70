import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuthorizationServer, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { memoryGuard } from '../../unit/vault/guards.ts'
import { connectPractice, type Host, startHost } from '../whole/host.ts'
import * as calls from './contract-calls.ts'
import { protection } from './contract-calls-vault.ts'
import { type Call, readDocument } from './contract-document.ts'
import { call } from './paired.ts'

/**
 * The running server against its own description: every operation of `GET /openapi.json` is called, and every answer,
 * good or refused, has to be what the document says. Operations follow on each other, so the tests run in order.
 */
let stage: calls.Stage
let host: Host
let server: AuthorizationServer
const page = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-page-'))
const routes: { method: string; path: string }[] = []
/** The router tells of itself when it is made. */
const watch = (message: unknown) => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, path: url.replace(/:(\w+)/g, '{$1}') })
  })
}

beforeAll(async () => {
  fs.writeFileSync(path.join(page, 'index.html'), '<!doctype html><title>Latchkey</title>')
  subscribe('fastify.initialization', watch)
  host = await startHost(undefined, page, { otherGuards: [memoryGuard()] })
  unsubscribe('fastify.initialization', watch)
  server = await startAuthorizationServer({ registration: true })
  await connectPractice(host)
  const owner = fs.readFileSync(host.paths.ownerKey, 'utf8').trim()
  const document = readDocument((await call(host, owner, 'GET', '/openapi.json')).json, host.latchkey.api.http)
  const asked = (await call(host, null, 'POST', '/v1/pair', { name: 'Contract', purpose: 'Calls everything.' })).json
  await host.client.approve(asked.code, {
    permissions: [{ account: 'practice:ada', rights: ['see', 'request', 'token', 'manage', 'connect'] }],
  })
  const { key: app, app_id: appId } = (await call(host, asked.secret, 'GET', `/v1/pair/${asked.id}`)).json
  const good = async (id: string, options: Partial<Call> = {}) => {
    const answer = await document.call(id, { key: owner, ...options })
    expect(answer.status, `${id}: ${answer.text.slice(0, 1000)}`).toBeLessThan(300)
    return answer
  }
  stage = { document, owner, app, appId, server, good }
})

afterAll(async () => {
  await host?.close()
  await server?.close()
  for (const folder of [page, host?.home]) fs.rmSync(folder, { recursive: true, force: true })
})

describe('[F10] the running server answers as its OpenAPI document says', () => {
  it('where sign-ins are made', () => calls.signIns(stage))
  it('where accounts are used and shown', () => calls.accounts(stage))
  it('where a request names no account', () => calls.requestsByHost(stage))
  it('where programs are paired and permitted', () => calls.pairing(stage))
  it('where providers and registrations are kept', () => calls.records(stage))
  it('where webhooks arrive', () => calls.webhooks(stage))
  it('about itself', () => calls.latchkey(stage))

  it('where an app calls what is the owner’s alone', async () => {
    const { document, app } = stage
    const owners = document.operations.filter(({ keys }) => keys.length > 0 && !keys.includes('appKey'))
    for (const { id, keys, path: at } of owners) {
      if (keys.includes('pairingSecret')) continue
      const answer = await document.call(id, { key: app, path: anything(at), wrong: true })
      expect([answer.status, answer.json.error.code], id).toEqual([403, 'forbidden'])
    }
    expect(owners.length).toBeGreaterThan(40)
  })

  it('where something is asked about that is not there', async () => {
    const { document, owner, app } = stage
    for (const { id, path: at, keys } of document.operations.filter((it) => it.path.includes('{'))) {
      const answer = await document.call(id, { key: owner, path: anything(at), wrong: true })
      if (id.startsWith('proxy.head')) expect(answer.status, id).toBe(404)
      else expect(answer.status, `${id}: ${answer.text}`).toBeGreaterThanOrEqual(400)
      // Whoever may not see accounts does not learn which there are.
      if (!keys.includes('appKey') || !at.includes('{account}')) continue
      expect((await document.call(id, { key: app, path: anything(at), wrong: true })).status, id).toBeLessThan(500)
    }
  })

  it('where a body holds what nobody knows', async () => {
    const { document, owner } = stage
    const written = document.operations.filter((it) => it.requestBody?.content['application/json'] !== undefined)
    for (const { id, path: at, keys } of written) {
      const key = keys.length === 0 ? null : owner
      const answer = await document.call(id, { key, path: anything(at), body: { nonsense: 1 }, wrong: true })
      expect(answer.status, `${id}: ${answer.text}`).toBe(400)
      expect(answer.json.error.field, id).not.toBe('')
    }
    expect(written.length).toBeGreaterThan(20)
  })

  it('where no key is shown', async () => {
    const { document } = stage
    for (const { id, keys, path: at, method } of document.operations) {
      if (keys.length === 0) continue
      const answer = await document.call(id, { key: null, path: anything(at), wrong: true })
      if (id === 'pair.look') expect([404, 429], id).toContain(answer.status)
      else if (method === 'HEAD') expect([401, 429], id).toContain(answer.status)
      // Too many at once are told to come back.
      else expect(['unauthenticated', 'rate_limited'], id).toContain(answer.json.error.code)
    }
  })

  it('where the vault is protected and moved', () => protection(stage))
  it('where something ends', () => calls.endings(stage))

  it('everywhere: no operation is left that gave no good answer', () => {
    expect(stage.document.unanswered()).toEqual([])
  })
})

it('[F10] the server has no route that its document does not name', () => {
  const described = stage.document.operations.map(({ method, path: at }) => `${method} ${at}`)
  // The page's own calls are no part of the API for programs; the proxy stands outside of the router.
  const served = routes.filter((it) => !it.path.startsWith('/page/')).map((it) => `${it.method} ${it.path}`)
  const proxied = described.filter((it) => it.endsWith('/proxy/{target}'))
  expect(served.length).toBeGreaterThan(80)
  expect([...served, ...proxied].sort()).toEqual([...described].sort())
})

describe('the comparison itself', () => {
  const answer = (status: number, json: unknown) => ({
    status,
    json,
    text: JSON.stringify(json),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  })
  const health = { name: 'Latchkey', version: '1', locked: false }

  it.each([
    ['a field that is missing', answer(200, { name: 'Latchkey', version: '1' })],
    ['a field too many', answer(200, { ...health, token: 'x' })],
    ['a field of another kind', answer(200, { ...health, locked: 'no' })],
    ['a status that is not named', answer(204, health)],
    ['another media type', { ...answer(200, health), headers: { 'content-type': 'text/html' } }],
    ['an error that is none', answer(404, { message: 'not found' })],
    ['a code that is unknown', answer(404, { error: { code: 'gone', message: 'Gone.' } })],
    ['a code with another status', answer(404, { error: { code: 'locked', message: 'Locked.' } })],
  ])('finds %s', (_, wrong) => {
    const { document } = stage
    expect(() => document.check(document.operation('health'), answer(200, health))).not.toThrow()
    expect(() => document.check(document.operation('health'), wrong)).toThrow()
  })

  it('finds what the document does not allow to be sent', async () => {
    const { document } = stage
    await expect(document.call('pair', { key: null, body: { name: 'x' } })).rejects.toThrow()
    await expect(document.call('health', { key: null, query: { x: '1' } })).rejects.toThrow()
  })
})

/** A value for each parameter of the path. */
const anything = (at: string): Record<string, string> =>
  Object.fromEntries([...at.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'nonsense']))
