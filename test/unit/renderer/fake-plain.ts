import type { Input, Method, Output } from '../../../shared/contract.ts'
import type { ProviderDetails } from '../../../shared/contract-records.ts'
import type { WebhookDeliveryContent, WebhookEndpoint } from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { providers } from './fake-data.ts'

type Plain = Extract<Method, `providers.${string}` | `network.${string}` | `webhooks.${string}` | `templates.${string}`>
type Fake = {
  [M in Exclude<Plain, 'providers.list'>]: (input: Input<M>) => Output<M>
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function details(id: string): ProviderDetails {
  const provider = providers.find((it) => it.id === id)
  if (!provider) throw new LatchkeyError('not_found', 'There is no such provider in the catalogue.')
  const { name, category, description, grants, client_authentication, scopes, variables, setup_steps } = provider
  return {
    provider,
    definition: {
      id,
      name,
      category,
      description,
      grants,
      client_authentication,
      scopes,
      variables,
      setup_steps,
      evidence: provider.evidence,
      sources: [],
      endpoints: { authorization: `https://${id}.example/authorize`, token: `https://${id}.example/token` },
      client: 'registration',
      pkce: 'S256',
      scope_separator: ' ',
      authorization_parameters: {},
      redirect: { host: '127.0.0.1', port: null },
      sign_in: { via: 'browser' },
      identity: { sources: ['id_token'], subject: ['sub'] },
      api: { hosts: provider.api_hosts, private_network: false, header: { name: 'Authorization', prefix: 'Bearer ' } },
      notices: provider.notices,
    },
    registrations: [{ id: `reg_${id}`, name: `My ${name} client` }],
    warnings: [],
  }
}

const endpoint: WebhookEndpoint = {
  id: 'wh_1',
  name: 'Repository events',
  enabled: true,
  settings: {
    verification: {
      kind: 'hmac',
      algorithm: 'sha256',
      encoding: 'hex',
      header: 'X-Hub-Signature-256',
      separator: null,
      prefix: 'sha256=',
      signed: '{body}',
      timestamp: null,
      tolerance: null,
      secret_encoding: 'text',
    },
    challenge: { kind: 'none' },
    parser: {
      event_type: ['{header:X-GitHub-Event}'],
      event_id: ['{header:X-GitHub-Delivery}'],
      subject: [],
      time: [],
    },
  },
  has_secret: true,
  accepted: 41,
  refused: 2,
  url: 'http://127.0.0.1:47321/hooks/wh_1',
  created_at: minutesAgo(86_400),
  updated_at: minutesAgo(1440),
}

const delivery: WebhookDeliveryContent = {
  id: 'whd_1',
  endpoint_id: endpoint.id,
  event_type: 'push',
  event_id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  subject: null,
  occurred_at: null,
  received_at: minutesAgo(7),
  content_type: 'application/json',
  headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
  body: '{"ref":"refs/heads/main"}',
  body_base64: null,
}

const sent = {
  method: 'POST',
  url: 'https://provider.example/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'grant_type=authorization_code&code=***code***',
  variables: ['code'],
}

/** What the host would answer about things that the page only shows: always the same. */
export const plain: Fake = {
  'providers.get': ({ id }) => details(id),
  'providers.check': ({ definition }) => ({ ...details('oauth2'), definition }),
  'providers.save': ({ definition }) => ({ ...details('oauth2'), definition }),
  'providers.duplicate': ({ id }) => details(id),
  'providers.remove': () => ({}),
  'providers.discover': ({ issuer }) => ({
    definition: { ...details('openid-connect').definition, issuer },
    source: `${issuer}/.well-known/openid-configuration`,
    warnings: [],
  }),
  'providers.export': () => ({ document: { latchkey: 'providers', version: 1, providers: [] } }),
  'providers.import': () => ({
    providers: [{ id: 'notes', name: 'Notes', outcome: 'added' }],
    registrations: [],
    warnings: [],
  }),
  'network.routes': () => [],
  'network.save': ({ proxy_password, private_key, ...route }) => ({
    provider_id: route.provider_id,
    proxy: route.proxy ?? null,
    proxy_username: route.proxy_username ?? null,
    has_proxy_password: Boolean(proxy_password),
    ca_bundle: route.ca_bundle ?? null,
    certificate: route.certificate ?? null,
    has_private_key: Boolean(private_key),
    private_network: route.private_network ?? false,
  }),
  'network.remove': () => ({}),
  'network.egress': () => ({ hosts: null }),
  'network.allow': ({ hosts }) => ({ hosts }),
  'webhooks.presets': () => [
    {
      id: 'github',
      name: 'GitHub',
      setup_steps: ['Open the settings of the repository and choose “Webhooks”.'],
      settings: endpoint.settings,
      sources: [],
    },
  ],
  'webhooks.endpoints': () => [endpoint],
  'webhooks.save': ({ id, name, enabled, secret }) => ({
    ...endpoint,
    id: id ?? 'wh_new',
    name,
    enabled: enabled ?? true,
    has_secret: Boolean(secret),
  }),
  'webhooks.remove': () => ({}),
  'webhooks.deliveries': () => [delivery],
  'webhooks.delivery': () => delivery,
  'webhooks.redeliver': () => ({ ...delivery, id: 'whd_2' }),
  'templates.preview': () => sent,
  'templates.dry_run': () => ({
    sent,
    arrived: { method: 'POST', path: '/echo', query: {}, headers: sent.headers, body: sent.body },
  }),
  'templates.read_answer': () => ({
    access_token: true,
    refresh_token: true,
    id_token: false,
    expires_in: 3600,
    scopes: [],
    saved: [],
    provider_error: null,
    problem: null,
  }),
}
