import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNetwork } from '../../../electron/platform/network.ts'
import { catalogueOf } from '../../../electron/providers/catalogue.ts'
import { createPracticeService } from '../../../electron/services/practice/service.ts'
import { createTemplatePreview } from '../../../electron/services/template-preview.ts'
import { answerInputSchema, type TemplateInput } from '../../../shared/contract-custom.ts'
import { noLog, registration, unlocked } from '../../unit/vault/support.ts'

const written = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/definitions/${name}.json`, import.meta.url), 'utf8'))

async function previewing() {
  const clock = { now: () => Date.now() }
  const { vault } = await unlocked({ clock })
  const practice = createPracticeService({ vault, clock, logger: noLog })
  onTestFinished(() => practice.stop())
  const network = createNetwork()
  onTestFinished(() => network.close())
  const catalogue = catalogueOf({ 'slack-template.json': written('slack-template') })
  const templates = createTemplatePreview({ vault, catalogue, practice, network })
  vault.registrations.save(
    registration({ id: 'reg_1', providerId: 'google-template', clientId: 'my-client', variables: {} }),
    'the-client-secret',
  )
  return { templates, vault }
}

const google = (request: TemplateInput['request'], changes: Partial<TemplateInput> = {}): TemplateInput => ({
  definition: written('google-template'),
  request,
  registration: 'reg_1',
  ...changes,
})

describe('preview of a custom request', () => {
  it('[B2] [B7] shows the token request as it would be sent, secrets masked', async () => {
    const { templates } = await previewing()
    const shown = templates.preview(google('token'))
    expect(shown).toMatchObject({ method: 'POST', url: 'https://oauth2.googleapis.com/token' })
    expect(Object.fromEntries(new URLSearchParams(shown.body ?? ''))).toEqual({
      grant_type: 'authorization_code',
      code: '***code***',
      client_id: 'my-client',
      client_secret: '***CLIENT_SECRET***',
      redirect_uri: 'http://127.0.0.1/callback/google-template',
    })
    expect(shown.variables).toEqual(['code', 'CLIENT_ID', 'CLIENT_SECRET', 'redirect_url'])
    expect(JSON.stringify(shown)).not.toContain('the-client-secret')
  })

  it('[B1] [B5] shows the authorization URL with the registration’s redirect URL', async () => {
    const { templates } = await previewing()
    const { searchParams } = new URL(templates.preview(google('authorization')).url)
    expect(searchParams.get('client_id')).toBe('my-client')
    expect(searchParams.get('redirect_uri')).toBe('http://127.0.0.1/callback/google-template')
    expect(searchParams.get('state')).toBe('***state***')
  })

  it('[B6] what the token answer will hold is a placeholder', async () => {
    const { templates } = await previewing()
    expect(templates.preview(google('refresh')).body).toContain('refresh_token=***oauth.refresh_token***')
    const salesforce = written('salesforce-template')
    expect(templates.preview({ definition: salesforce, request: 'identity' })).toMatchObject({
      method: 'GET',
      url: 'https://oauth-id.example',
      headers: { authorization: 'Bearer ***access_token***' },
    })
  })

  it('hides the secret in a Basic header that Latchkey adds, and shows the verifier it adds', async () => {
    const { templates } = await previewing()
    const shown = templates.preview({ provider: 'slack-template', request: 'token' })
    expect(shown.headers.authorization).toBe('Basic ***CLIENT_SECRET***')
    expect(shown.body).toContain('code_verifier=***code_verifier***')
  })

  it.each([
    ['an unknown variable', { data: { a: '{{ nobody }}' } }, 'definition.requests.token'],
    ['a field that does not exist', { colour: 'red' }, 'definition.requests.token.colour'],
    ['plain http', { url: 'http://example.com/' }, 'definition.requests.token.url'],
  ])('names the field of %s', async (_, change, field) => {
    const { templates } = await previewing()
    const definition = written('google-template')
    definition.requests.token = { ...definition.requests.token, ...change }
    expect(() => templates.preview(google('token', { definition }))).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: expect.objectContaining({ field }) }),
    )
  })

  it('says that the standard’s request is sent where there is no other', async () => {
    const { templates } = await previewing()
    expect(() => templates.preview({ provider: 'slack-template', request: 'authorization' })).toThrow(/standard/)
    expect(() => templates.preview(google('validate'))).toThrow(/standard/)
  })
})

describe('dry run against the practice provider', () => {
  it('[B8] [E9] answers what really arrived, for a form, for JSON and for a query', async () => {
    const { templates } = await previewing()
    const form = await templates.dryRun(google('token'))
    expect(form.arrived).toMatchObject({ method: 'POST', path: '/token', body: form.sent.body })
    expect(form.arrived.headers['content-type']).toBe('application/x-www-form-urlencoded')

    const json = await templates.dryRun({ definition: written('foundry-template'), request: 'token' })
    expect(JSON.parse(json.arrived.body ?? '')).toMatchObject({
      client_id: '***CLIENT_ID***',
      authorization_code: '***authorization_code***',
      grant_type: 'authorization_code',
    })
    const page = await templates.dryRun(google('authorization'))
    expect(page.arrived).toMatchObject({ method: 'GET', path: '/o/oauth2/v2/auth' })
    expect(page.arrived.query.scope).toBe('https://www.googleapis.com/auth/drive.readonly')
    expect(JSON.stringify([form, json, page])).not.toContain('the-client-secret')
  })
})

describe('a mapping tried on a sample answer', () => {
  const mapping = written('slack-template').requests.answer
  const body = {
    ok: true,
    team: { id: 'T1' },
    authed_user: { access_token: 'xoxp-secret', scope: 'a,b', expires_in: '43200' },
  }

  it('says what it reads and never a token', async () => {
    const { templates } = await previewing()
    const read = templates.readAnswer(answerInputSchema.parse({ mapping, body: JSON.stringify(body) }))
    expect(read).toMatchObject({
      access_token: true,
      refresh_token: false,
      expires_in: 43_200,
      scopes: ['a', 'b'],
      provider_error: null,
      problem: null,
    })
    expect(read.saved).toContain('team.id')
    expect(JSON.stringify(read)).not.toContain('xoxp-secret')
  })

  it('names the error, the missing target and the page that is no answer', async () => {
    const { templates } = await previewing()
    const read = (input: object) => templates.readAnswer(answerInputSchema.parse({ mapping, ...input }))
    expect(read({ body: '{"ok":false,"error":"invalid_code"}' })).toMatchObject({
      provider_error: 'invalid_code',
      access_token: false,
    })
    expect(read({ body: '{"ok":true}' }).problem).toMatch(/no access_token at authed_user.access_token/)
    expect(read({ body: '<html>', content_type: 'text/html; charset=utf-8' }).problem).toMatch(/neither JSON/)
    expect(() => read({ mapping: { access_token: [] }, body: '{}' })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'mapping.access_token' }) }),
    )
  })
})
