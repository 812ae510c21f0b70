import { z } from 'zod'
import { connectInputSchema, contract, registrationInputSchema, requestInputSchema } from '../../shared/contract.ts'
import {
  appSchema,
  askSchema,
  auditLimitsSchema,
  bindingSchema,
  callerFactsSchema,
  pairInputSchema,
  pairingSchema,
  permissionInputSchema,
  permissionSchema,
  usageSchema,
  wantInputSchema,
  wantSchema,
} from '../../shared/contract-apps.ts'
import { networkRouteInputSchema, networkRouteSchema } from '../../shared/contract-network.ts'
import { effectsSchema, providerRecordSchema } from '../../shared/contract-records.ts'
import {
  webhookDeliveryContentSchema,
  webhookDeliverySchema,
  webhookEndpointInputSchema,
  webhookEndpointSchema,
  webhookPresetSchema,
} from '../../shared/contract-webhooks.ts'
import {
  accountSchema,
  activitySchema,
  flowSchema,
  practiceSchema,
  providerSchema,
  registrationSchema,
  signedAnswerSchema,
  tokenInspectionSchema,
  vaultStatusSchema,
} from '../../shared/models.ts'
import { appRoutes } from './routes-apps.ts'
import {
  accessTokenSchema,
  errorSchema,
  eventSchema,
  healthSchema,
  pageLinkSchema,
  requestToHostSchema,
  statusSchema,
  tokenInputSchema,
} from './schemas.ts'

const bodyOf = (call: string) => appRoutes.find((route) => route.call === call)?.body as z.ZodType

/** The schemas that have a name in the document. The same objects check what comes in. */
export const namedSchemas: Record<string, z.ZodType> = {
  AccessToken: accessTokenSchema,
  Account: accountSchema,
  Activity: activitySchema,
  App: appSchema,
  AppChange: bodyOf('apps.change'),
  Approval: bodyOf('asks.approve'),
  Ask: askSchema,
  AuditLimits: auditLimitsSchema,
  Binding: bindingSchema,
  BindingInput: contract['bindings.save'].input,
  CallerFacts: callerFactsSchema,
  ConnectInput: connectInputSchema,
  Effects: effectsSchema,
  Error: errorSchema,
  Event: eventSchema,
  Flow: flowSchema,
  Health: healthSchema,
  NetworkRoute: networkRouteSchema,
  NetworkRouteInput: networkRouteInputSchema,
  PageLink: pageLinkSchema,
  PairInput: pairInputSchema,
  Pairing: pairingSchema,
  Permission: permissionSchema,
  PermissionInput: permissionInputSchema,
  Practice: practiceSchema,
  Provider: providerSchema,
  ProviderDetails: providerRecordSchema,
  Registration: registrationSchema,
  RegistrationInput: registrationInputSchema,
  RequestInput: requestInputSchema,
  RequestToHostInput: requestToHostSchema,
  SignedAnswer: signedAnswerSchema,
  Status: statusSchema,
  TokenInput: tokenInputSchema,
  TokenInspection: tokenInspectionSchema,
  Usage: usageSchema,
  VaultStatus: vaultStatusSchema,
  Want: wantSchema,
  WantInput: wantInputSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookDeliveryContent: webhookDeliveryContentSchema,
  WebhookEndpoint: webhookEndpointSchema,
  WebhookEndpointInput: webhookEndpointInputSchema,
  WebhookPreset: webhookPresetSchema,
}

const registry = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(namedSchemas)) registry.add(schema, { id })

const place = '#/components/schemas/'
// What a caller writes: fields with a default may be left out, and answers may gain fields later.
const as = { io: 'input', target: 'draft-2020-12', metadata: registry } as const

/** The schema as JSON Schema; what has a name, itself or a part of it, by reference. */
export function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, $defs, ...json } = z.toJSONSchema(schema, as)
  return referring(json) as Record<string, unknown>
}

/** zod keeps named parts in `$defs`; in this document they are components. */
function referring(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(referring)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json)
      // JSON Schema has no place for it, and references by `id` are for nobody.
      .filter(([name, value]) => name !== 'id' || typeof value !== 'string')
      .map(([name, value]) => {
        const isReference = name === '$ref' && typeof value === 'string'
        return [name, isReference ? value.replace('#/$defs/', place) : referring(value)]
      }),
  )
}

/** `components.schemas`. */
export function componentSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(namedSchemas).map(([name, schema]) => [name, referring(z.toJSONSchema(schema, as).$defs?.[name])]),
  )
}
