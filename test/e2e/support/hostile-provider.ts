import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import type { Flow } from '../../../shared/models.ts'

/** A provider whose sign-in page does what it likes. */
export interface HostileProvider {
  origin: string
  /** What the pages of this provider are asked for, by path. */
  requests: IncomingMessage[]
  /** Answers of this path, in place of the sign-in page. */
  on(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void
  stop(): Promise<void>
}

/** The sign-in page: what is in `run` happens when its button is clicked, so that the person's click counts for it. */
const page = `<!doctype html><title>Sign in</title><h1>Sign in</h1><button>Continue</button><script>
  let run = () => undefined
  document.querySelector('button').onclick = () => { window.result = run() }
</script>`

export async function startHostileProvider(): Promise<HostileProvider> {
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const requests: IncomingMessage[] = []
  // Huge cookies have to arrive, for it is not this server that is to be tried.
  const server = createServer({ maxHeaderSize: 8 * 1024 * 1024 }, (request, response) => {
    requests.push(request)
    const { pathname } = new URL(request.url ?? '', 'http://provider')
    const answer = answers.get(pathname)
    if (answer !== undefined) answer(request, response)
    else response.setHeader('content-type', 'text/html').end(page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (path, answer) => void answers.set(path, answer),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Begins a sign-in at that provider, in a window of Latchkey. Gives the flow's id. */
export async function signInAt(page: Page, origin: string): Promise<string> {
  const definition = {
    id: 'hostile',
    name: 'Hostile',
    category: 'other',
    description: 'A test.',
    evidence: 'documented',
    sources: [{ url: 'https://hostile.example/', read_on: '2026-11-21', facts: 'A test.' }],
    endpoints: { authorization: `${origin}/authorize`, token: `${origin}/token` },
    client: 'registration',
    client_authentication: ['none'],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'window' },
    identity: { sources: ['token_answer'], subject: ['id'] },
    api: { hosts: [], private_network: true, header: { name: 'Authorization', prefix: 'Bearer ' } },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
  return page.evaluate(async (wanted) => {
    const call = async (method: string, input: object) => {
      const answer = (await window.latchkey?.call(method, input)) as {
        ok: boolean
        value: { id: string }
        error: unknown
      }
      if (!answer.ok) throw new Error(JSON.stringify(answer.error))
      return answer.value
    }
    await call('providers.save', { definition: wanted })
    const registration = await call('registrations.save', {
      provider_id: 'hostile',
      name: 'Hostile',
      client_id: 'client',
      client_authentication: 'none',
      scopes: [],
    })
    return (await call('connect.start', { registration: registration.id, via: 'window' })).id
  }, definition)
}

/** The same, and waits for the provider's page. */
export async function openHostilePage(
  app: ElectronApplication,
  page: Page,
  origin: string,
): Promise<{ flow: string; hostile: Page }> {
  const opened = app.waitForEvent('window')
  const flow = await signInAt(page, origin)
  const hostile = await opened
  await expect(hostile.getByRole('button', { name: 'Continue' })).toBeVisible()
  return { flow, hostile }
}

/** How the sign-in stands. */
export function flowOf(page: Page, flow: string): Promise<Flow> {
  return page.evaluate(async (id) => {
    const answer = (await window.latchkey?.call('connect.get', { flow: id })) as { value: never }
    return answer.value
  }, flow)
}

export function cancel(page: Page, flow: string): Promise<unknown> {
  return page.evaluate((id) => window.latchkey?.call('connect.cancel', { flow: id }), flow)
}
