import { createHash } from 'node:crypto'
import { request } from 'undici'
import type { Client } from '../../../shared/client.ts'
import type { Activity } from '../../../shared/models.ts'
import { signInAt } from '../../services/practice/person.ts'
import { moment } from '../text.ts'
import { connectToHost } from '../transport.ts'
import { type DemoHost, startHost } from './host.ts'
import { until } from './until.ts'

export interface DemoStep {
  name: string
  ok: boolean
  /** What was seen, in words. Never a token. */
  detail: string
}
export interface DemoReport {
  ok: boolean
  steps: DemoStep[]
}

/** Seconds: short enough to wait for, long enough that a slow machine uses the token before it ends. */
const lifetime = 12

export interface DemoOptions {
  hostEntry: string
  env: NodeJS.ProcessEnv
  /** Where to keep the profile; undefined: nowhere. */
  home: string | undefined
  signal: AbortSignal
  onStep: (step: DemoStep) => void
}

/** The main job, unattended and for real: real processes, a real authorization server, a real expiry. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const steps: DemoStep[] = []
  const step = async <T>(name: string, work: () => Promise<{ detail: string; value: T }>): Promise<T> => {
    try {
      const { detail, value } = await work()
      steps.push({ name, ok: true, detail })
      return value
    } catch (error) {
      steps.push({ name, ok: false, detail: (error as Error).message })
      throw error
    } finally {
      const last = steps.at(-1)
      if (last) options.onStep(last)
    }
  }
  let host: DemoHost | null = null
  try {
    host = await step('started', async () => {
      const value = await startHost(options)
      const kept = options.home ? `The profile stays in ${value.paths.home}` : 'A temporary profile'
      return { value, detail: `A headless host of its own. ${kept}, protected by ${value.protection}.` }
    })
    const connection = connectToHost(host.paths, options.signal)
    try {
      await act(connection.client, step, options.signal)
    } finally {
      await connection.close()
    }
    return { ok: true, steps }
  } catch (error) {
    // A failure outside every step (the host died in between) is a step of its own.
    if (steps.every((it) => it.ok)) {
      const last = { name: 'unexpected', ok: false, detail: (error as Error).message }
      steps.push(last)
      options.onStep(last)
    }
    return { ok: false, steps }
  } finally {
    await host?.stop()
  }
}

type Step = <T>(name: string, work: () => Promise<{ detail: string; value: T }>) => Promise<T>

async function act(client: Client, step: Step, signal: AbortSignal): Promise<void> {
  const before = await client.practice()
  await client.configurePractice({ access_token_lifetime: lifetime })

  const account = await step('connected', async () => {
    const started = await client.connect({ provider: 'practice', via: 'paste' })
    const url = new URL(started.authorization_url ?? fail('The flow has no authorization URL.'))
    if (url.searchParams.get('code_challenge_method') !== 'S256') fail('The sign-in does not use PKCE with S256.')
    // Plays the person: opens the sign-in page, fills it in, agrees, and brings back where it ended.
    const redirected = await signInAt(url.href, { user: 'ada', approve: true, signal })
    await client.answer(started.id, redirected.href)
    const flow = await until('the sign-in has ended', 15_000, signal, async () => {
      const now = await client.flow(started.id)
      return ['completed', 'failed', 'cancelled', 'needs_decision'].includes(now.state) ? now : null
    })
    if (flow.state !== 'completed') fail(flow.failure?.message ?? `The sign-in ended as ${flow.state}.`)
    const value = await client.account(flow.account_id ?? fail('The flow has no account.'))
    const who = value.identity?.name ?? value.identity?.username ?? 'somebody'
    return { value, detail: `${value.alias} is ${value.status.state}: ${who}, by authorization code with PKCE S256.` }
  })

  const first = await step('signed request', async () => {
    const detail = await signedRequest(client, account.id)
    // Kept in memory, to show later that the provider refuses it.
    const { access_token: token } = await client.token(account.id)
    const print = await fingerprint(client, account.id)
    if (print !== fingerprintOf(token)) fail('The fingerprint shown is not that of the access token.')
    return {
      value: { token, print, refreshed: await refreshes(client, account.id) },
      detail: `${detail} Access token ${print}.`,
    }
  })

  await step('token expired', async () => {
    const expired = await until('the access token has expired', 30_000, signal, async () => {
      const now = await client.account(account.id)
      return now.status.state === 'expired' ? now : null
    })
    const api = (await client.practice()).api_base_url ?? fail('The practice API is not running.')
    const status = await until('the practice API refuses the expired token', 5_000, signal, async () => {
      const answer = await request(new URL('/api/me', api), { headers: { authorization: `Bearer ${first.token}` } })
      await answer.body.dump()
      return answer.statusCode === 401 ? answer.statusCode : null
    })
    const detail = `After ${lifetime} s the account is ${expired.status.state}; the practice API answers the old token with ${status}.`
    return { value: null, detail }
  })

  await step('signed again', async () => {
    const detail = await signedRequest(client, account.id)
    const print = await fingerprint(client, account.id)
    if (print === first.print) fail('The access token is still the same one.')
    const count = (await refreshes(client, account.id)) - first.refreshed
    if (count !== 1) fail(`There were ${count} refreshes instead of one.`)
    return { value: null, detail: `${detail} Access token ${print}, a different one, after exactly 1 refresh.` }
  })

  await step('audit', async () => {
    const entries = await client.activity({ account: account.id, limit: 50 })
    for (const kind of ['connected', 'request', 'refreshed'] as const) {
      if (!entries.some((it) => it.kind === kind)) fail(`The audit trail has no entry "${kind}".`)
    }
    const trail = entries.map((it: Activity) => `${moment(it.at)}  ${it.kind}: ${it.summary}`).reverse()
    return { value: null, detail: trail.join('\n') }
  })
  await client.configurePractice({ access_token_lifetime: before.access_token_lifetime })
}

async function signedRequest(client: Client, account: string): Promise<string> {
  const answer = await client.request(account, { method: 'GET', url: '/api/me' })
  if (answer.status !== 200) fail(`The practice API answered ${answer.status}.`)
  return `GET /api/me answered ${answer.status} by the practice API.`
}

const fingerprintOf = (token: string) => createHash('sha256').update(token).digest('hex').slice(0, 16)

async function fingerprint(client: Client, account: string): Promise<string> {
  const { tokens } = await client.inspect(account)
  return tokens.find((it) => it.kind === 'access_token')?.fingerprint ?? fail('The account has no access token.')
}

async function refreshes(client: Client, account: string): Promise<number> {
  return (await client.activity({ account, limit: 500 })).filter((it) => it.kind === 'refreshed').length
}

function fail(message: string): never {
  throw new Error(message)
}
