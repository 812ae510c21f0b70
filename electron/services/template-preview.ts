import type {
  AnswerInput,
  DryRun,
  ReadAnswer,
  RenderedRequestView,
  TemplateInput,
} from '../../shared/contract-custom.ts'
import { dryRunSchema } from '../../shared/contract-custom.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { lifetime } from '../oauth/answer.ts'
import { renderOwn } from '../oauth/custom-render.ts'
import { ownAuthorizationUrl } from '../oauth/custom-requests.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import { templateValues } from '../oauth/template-values.ts'
import { splitScopes } from '../oauth/token-set.ts'
import type { Network } from '../platform/ports.ts'
import { mapAnswer, readDocument, savedValues } from '../providers/answer-mapping.ts'
import { checkDefinition, DefinitionError } from '../providers/check.ts'
import { answerMapping, type Catalogue, type Definition } from '../providers/definition.ts'
import { isKnownName } from '../providers/expression-names.ts'
import { expressionNames, type Resolve } from '../providers/expressions.ts'
import { providerView } from '../providers/view.ts'
import type { Vault } from '../vault/ports.ts'
import type { PracticeService } from './ports.ts'

/** Shows what custom requests come to while they are edited. Nothing that it answers holds a secret. */
export interface TemplatePreview {
  /** Throws `invalid_request` with the field of the definition that is wrong, not_found. */
  preview(input: TemplateInput): RenderedRequestView
  /** Sends the same to the practice provider, which tells what arrived. Throws also provider_unreachable. */
  dryRun(input: TemplateInput): Promise<DryRun>
  /** What a mapping reads out of a sample answer. */
  readAnswer(input: AnswerInput): ReadAnswer
}

interface Parts {
  vault: Pick<Vault, 'registrations'>
  catalogue: Catalogue
  practice: Pick<PracticeService, 'ensureRunning'>
  network: Pick<Network, 'fetch'>
}

export function createTemplatePreview({ vault, catalogue, practice, network }: Parts): TemplatePreview {
  function preview(input: TemplateInput): RenderedRequestView {
    const definition = input.definition ? checked(input.definition) : catalogue.get(input.provider ?? '')
    const settings = settingsOf(definition, input.registration)
    if (input.request === 'authorization') return authorizationOf(settings)
    const resolve = placeholders(settings)
    const pkce = definition.pkce === 'S256' && input.request === 'token'
    const rendered = renderOwn(settings, input.request, resolve, { pkce })
    const template = definition.requests?.[input.request]
    if (!rendered || !template) {
      throw invalid(`requests.${input.request}`, 'The definition has no such request: the standard’s is sent.')
    }
    const { authorization } = rendered.headers
    const headers =
      authorization?.startsWith('Basic ') && !template.headers
        ? { ...rendered.headers, authorization: `Basic ${masked('CLIENT_SECRET')}` }
        : rendered.headers
    return { ...rendered, headers, variables: expressionNames(template, `requests.${input.request}`) }
  }

  function settingsOf(definition: Definition, registrationId: string | undefined): ClientSettings {
    const registration = registrationId === undefined ? null : vault.registrations.get(registrationId)
    if (registrationId !== undefined && !registration) {
      throw new LatchkeyError('not_found', 'There is no such registration.', { field: 'registration' })
    }
    const secret = registration === null || registration.hasClientSecret
    const defaults = definition.variables.map(({ name, default: value, example }) => [name, value ?? example])
    return {
      definition,
      clientId: registration?.clientId ?? masked('CLIENT_ID'),
      clientSecret: secret ? masked('CLIENT_SECRET') : null,
      clientAuthentication: registration?.clientAuthentication ?? definition.client_authentication[0] ?? 'none',
      variables: { ...Object.fromEntries(defaults), ...registration?.variables },
      fallbackExpiry: null,
    }
  }

  function authorizationOf(settings: ClientSettings): RenderedRequestView {
    const { definition } = settings
    const template = definition.authorization?.url
    if (template === undefined) {
      throw invalid('authorization.url', 'The definition has no URL of its own: the standard’s parameters are sent.')
    }
    const parameters = new URLSearchParams(ownParameters(definition))
    if (definition.pkce === 'S256') {
      parameters.set('code_challenge', masked('code_challenge'))
      parameters.set('code_challenge_method', 'S256')
    }
    const { href } = ownAuthorizationUrl(settings, template, parameters)
    return {
      method: 'GET',
      url: href,
      headers: {},
      body: null,
      variables: expressionNames(template, 'authorization.url'),
    }
  }

  return {
    preview,

    async dryRun(input) {
      const sent = preview(input)
      const { issuer } = await practice.ensureRunning()
      const { host, pathname, search } = new URL(sent.url)
      const response = await network.fetch(
        `${new URL(issuer).origin}/echo/${host}${pathname}${search}`,
        { method: sent.method, headers: sent.headers, body: sent.body },
        { proxy: null, privateNetwork: true, loopback: true, allow: null },
      )
      const arrived = dryRunSchema.shape.arrived.safeParse(await response.json().catch(() => null))
      if (!arrived.success) {
        throw new LatchkeyError('provider_error', 'The practice provider did not tell what arrived.')
      }
      return { sent, arrived: { ...arrived.data, path: arrived.data.path.replace(`/echo/${host}`, '') } }
    },

    readAnswer({ mapping, status, content_type, body }) {
      const wanted = mapping === undefined ? undefined : checkedMapping(mapping)
      const contentType = content_type.split(';')[0]?.trim().toLowerCase() ?? ''
      const { json, problem } = mapAnswer({ status, contentType, body }, wanted, { needsScope: true })
      const has = (name: string) => typeof json?.[name] === 'string'
      const { scope, error } = json ?? {}
      return {
        access_token: has('access_token'),
        refresh_token: has('refresh_token'),
        id_token: has('id_token'),
        expires_in: lifetime(json?.expires_in),
        scopes: splitScopes(Array.isArray(scope) ? scope.join(' ') : typeof scope === 'string' ? scope : ''),
        saved: Object.keys(savedValues(readDocument({ contentType, body }, wanted))),
        provider_error: typeof error === 'string' ? error : null,
        problem: json === null ? 'The answer is neither JSON nor a form nor plain text.' : problem,
      }
    },
  }
}

/** A definition that is being edited: what is wrong with it is the person's to mend. */
function checked(content: Record<string, unknown>): Definition {
  try {
    return checkDefinition('definition', content)
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    throw invalid(`definition.${error.field}`, `${error.field}: ${error.problem}.`)
  }
}

function checkedMapping(content: Record<string, unknown>) {
  const parsed = answerMapping.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
  throw invalid(['mapping', ...path].join('.'), issue?.message ?? 'The mapping is not valid.')
}

/** Stands in for what is secret or not known yet, and survives every encoding as it is. */
function masked(name: string): string {
  return `***${name}***`
}

function ownParameters(definition: Definition): Record<string, string> {
  return {
    redirect_uri: providerView(definition).redirect_uri,
    state: masked('state'),
    scope: definition.scopes
      .filter((scope) => scope.default)
      .map(({ name }) => name)
      .join(definition.scope_separator),
  }
}

/** The client and the registration's variables as they are; everything else as a placeholder that fits its place. */
function placeholders(settings: ClientSettings): Resolve {
  const own = templateValues(settings, { parameters: new URLSearchParams(ownParameters(settings.definition)) })
  return (name, place) => {
    const value = own(name, place)
    if (value !== undefined) return value
    if (name.toLowerCase() === 'client_secret' || !isKnownName(name, [])) return undefined
    const label = name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')
    if (place === 'origin') return `https://${label}.example`
    return place === 'host' ? label : masked(name)
  }
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
