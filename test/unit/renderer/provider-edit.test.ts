import { describe, expect, it } from 'vitest'
import { definitionSchema } from '../../../electron/providers/definition.ts'
import { presets } from '../../../electron/services/webhooks/presets.ts'
import { routeDraft, routeInput } from '../../../renderer/features/network/route-draft.ts'
import {
  at,
  belongs,
  emptyDraft,
  idFrom,
  missing,
  ownField,
  pairsOf,
  parseObject,
  put,
  wrongPair,
} from '../../../renderer/features/provider-edit/definition.ts'
import { presetOf, webhookDraft, webhookInput, withPreset } from '../../../renderer/features/webhooks/webhook-draft.ts'
import { networkRouteInputSchema } from '../../../shared/contract-network.ts'
import { webhookEndpointInputSchema } from '../../../shared/contract-webhooks.ts'

describe('a definition as it is edited', () => {
  it('[A1] starts as one that the host accepts once its name, id, description and endpoints are filled', () => {
    expect(missing(emptyDraft())).toEqual(['name', 'id', 'description', 'endpoints.authorization', 'endpoints.token'])
    let draft = { ...emptyDraft(), id: 'acme', name: 'Acme', description: 'A service' }
    draft = { ...draft, ...put(draft, 'endpoints.authorization', 'https://acme.example/authorize') }
    draft = { ...draft, ...put(draft, 'endpoints.token', 'https://acme.example/token') }
    expect(missing(draft)).toEqual([])
    expect(definitionSchema.safeParse(draft).error).toBeUndefined()
  })

  it('sets and removes at a path without touching the rest, and drops an object that becomes empty', () => {
    const draft = { api: { hosts: ['a.example'] }, requests: { token: { method: 'POST' } } }
    const changed = put(draft, 'api.base_url', 'https://a.example')
    expect(changed).toEqual({ ...draft, api: { hosts: ['a.example'], base_url: 'https://a.example' } })
    expect(draft.api).toEqual({ hosts: ['a.example'] })
    expect(put(draft, 'requests.token', undefined)).toEqual({ api: draft.api })
    expect(at(draft, 'requests.token.method')).toBe('POST')
    expect(at(draft, 'requests.nothing.method')).toBeUndefined()
  })

  it('makes an id that definitions allow of any name', () => {
    expect(idFrom('  Énergie & Cie. 2 ')).toBe('energie-cie-2')
    expect(idFrom('日本')).toBe('')
  })

  it('reads name and value lines, and names the first line that is none', () => {
    expect(pairsOf('access_type: offline\nprompt=consent\n\nurl: https://a.example/x')).toEqual({
      access_type: 'offline',
      prompt: 'consent',
      url: 'https://a.example/x',
    })
    expect(wrongPair('a: 1\nnonsense')).toBe(2)
    expect(wrongPair('a: 1\n')).toBeNull()
  })

  it('finds the field that the host complains about', () => {
    expect(ownField('definition.scopes[0].text')).toBe('scopes[0].text')
    expect(belongs('scopes[0].text', 'scopes')).toBe(true)
    expect(belongs('scopes_more', 'scopes')).toBe(false)
    expect(belongs(null, 'name')).toBe(false)
  })

  it('takes one JSON object and nothing else', () => {
    expect(parseObject('{"a":1}')).toEqual({ value: { a: 1 } })
    for (const text of ['[]', 'null', '"a"', '{', '']) expect(parseObject(text)).toHaveProperty('problem')
  })
})

describe('a network route as it is edited', () => {
  it('keeps stored secrets unless one is typed or removed, and drops the proxy’s with the proxy', () => {
    const draft = { ...routeDraft(null), way: 'own' as const, proxy: ' http://proxy.example:3128 ' }
    const kept = routeInput('acme', draft)
    expect(networkRouteInputSchema.parse(kept).proxy).toBe('http://proxy.example:3128')
    expect(kept).not.toHaveProperty('proxy_password')
    expect(routeInput('acme', { ...draft, remove_password: true })).toHaveProperty('proxy_password', '')
    const direct = routeInput('acme', { ...draft, way: 'direct', proxy_username: 'ada', proxy_password: 'typed' })
    expect(direct).toMatchObject({ proxy: 'direct', proxy_username: null })
    expect(direct).not.toHaveProperty('proxy_password')
  })
})

describe('a webhook endpoint as it is edited', () => {
  it('follows the sender, keeps a name of one’s own, and every preset can be sent', () => {
    const all = [...presets]
    const [first, second] = all
    if (!first || !second) throw new Error('There are presets.')
    const draft = webhookDraft(null, all)
    expect(draft.name).toBe(first.name)
    expect(withPreset(draft, second, all).name).toBe(second.name)
    expect(withPreset({ ...draft, name: 'Mine' }, second, all).name).toBe('Mine')
    for (const preset of all) {
      const chosen = withPreset(draft, preset, all)
      const input = webhookInput(null, chosen, JSON.parse(chosen.settings))
      expect(webhookEndpointInputSchema.safeParse(input).success, preset.id).toBe(true)
      expect(input).not.toHaveProperty('secret')
      expect(presetOf(JSON.parse(chosen.settings), all)?.id).toBe(preset.id)
    }
  })
})
