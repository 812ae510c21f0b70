import type { IncomingMessage, ServerResponse } from 'node:http'
import type { default as Provider } from 'oidc-provider'
import { BodyTooLarge, readBody } from './body.ts'
import { consentPage, pageHeaders, problemPage, signInPage } from './pages.ts'
import { findPerson } from './people.ts'

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/**
 * The two pages between the authorization request and its answer: who are you, and may it. The signed cookie of
 * oidc-provider says which sign-in a request belongs to; the address alone opens nothing.
 */
export async function handleSignIn(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, POST' }).end()
    return
  }
  let interaction: Interaction
  try {
    interaction = await provider.interactionDetails(request, response)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SessionNotFound') throw error
    return send(response, 400, problemPage('expired', 'It took too long, was finished already, or began elsewhere.'))
  }
  if (request.method === 'GET') return show(provider, interaction, response)

  let form: URLSearchParams
  try {
    form = new URLSearchParams((await readBody(request, 4096)).toString('utf8'))
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error
    return send(response, 413, problemPage('too_large', 'The form was larger than this page makes it.'))
  }
  const result = await decide(provider, interaction, form)
  // A form of a page that is no longer the current one: show the current one.
  if (result === null) return show(provider, interaction, response)
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: !('error' in result) })
}

async function show(provider: Provider, interaction: Interaction, response: ServerResponse) {
  const { params, prompt, uid } = interaction
  const client = await provider.Client.find(String(params.client_id))
  const name = client?.clientName ?? String(params.client_id)
  const redirectUri = String(params.redirect_uri)
  const action = `/sign-in/${uid}`
  const person = findPerson(interaction.session?.accountId)
  const hint = typeof params.login_hint === 'string' ? params.login_hint : undefined
  const page =
    prompt.name === 'consent' && person
      ? consentPage({
          action,
          client: name,
          person,
          scopes: String(params.scope ?? '').split(' '),
          redirectUri,
          switchUrl: restartUrl(params),
        })
      : signInPage({ action, client: name, hint })
  send(response, 200, page, redirectUri)
}

/** The same authorization request again, from its beginning. */
function restartUrl(params: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'string') query.set(name, value)
  }
  return `/authorize?${query}`
}

/** What the form means for the sign-in, or null when it is not an answer to what is being asked. */
async function decide(provider: Provider, interaction: Interaction, form: URLSearchParams) {
  // RFC 6749 4.1.2.1
  if (form.get('decision') === 'deny') {
    return { error: 'access_denied', error_description: 'The person said no.' }
  }
  if (interaction.prompt.name === 'login') {
    const person = findPerson(form.get('account'))
    return person ? { login: { accountId: person.id, remember: false } } : null
  }
  const accountId = interaction.session?.accountId
  if (form.get('decision') !== 'allow' || accountId === undefined) return null
  const grant = new provider.Grant({ accountId, clientId: String(interaction.params.client_id) })
  grant.addOIDCScope(String(interaction.params.scope ?? ''))
  return { consent: { grantId: await grant.save() } }
}

function send(response: ServerResponse, status: number, page: string, redirectUri?: string) {
  response.writeHead(status, pageHeaders(redirectUri)).end(page)
}
