import net from 'node:net'
import type { NetworkRoute, Vault } from '../../vault/ports.ts'
import { type Check, type Facts, notApplicable, ok, problem } from './check.ts'

/** Milliseconds. */
const patience = 3_000
const ports: Record<string, number> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks:': 1080 }

interface Proxy {
  /** Who names it. */
  by: string
  text: string
}

/** Whether the proxies that requests go through can be connected to: the system's, and those of single providers. */
export function proxiesCheck(parts: { env: NodeJS.ProcessEnv; vault: Pick<Vault, 'routes' | 'status'> }): Check {
  return {
    id: 'proxies',
    title: 'Proxies',
    async run(signal) {
      const { env, vault } = parts
      const open = vault.status().state === 'unlocked'
      const all = [...ofSystem(env), ...(open ? ofProviders(vault.routes.list()) : [])]
      const facts: Facts = {}
      const noProxy = env.no_proxy || env.NO_PROXY
      if (noProxy && all.length > 0) facts['Without a proxy'] = noProxy
      const failures: string[] = []
      await Promise.all(
        all.map(async ({ by, text }) => {
          const failure = await tryOut(text, signal)
          facts[by] = `${withoutSecrets(text)}: ${failure ?? 'takes connections'}`
          if (failure !== null) failures.push(by)
        }),
      )
      const rest = open ? '' : ' Those of single providers can be looked at when the vault is unlocked.'
      if (all.length === 0) return notApplicable(`No proxy is set.${rest}`)
      if (failures.length === 0) return ok(`Every proxy takes connections.${rest}`, facts)
      return problem(
        `A proxy cannot be used: ${failures.sort().join(', ')}.`,
        'Check its address, and that it runs; or take it out of the environment or the route of the provider.',
        facts,
      )
    },
  }
}

function ofSystem(env: NodeJS.ProcessEnv): Proxy[] {
  const names = ['https_proxy', 'http_proxy'] as const
  return names.flatMap((name) => {
    const upper = name.toUpperCase()
    const text = env[name] || env[upper]
    return text ? [{ by: upper, text }] : []
  })
}

function ofProviders(routes: { providerId: string; route: NetworkRoute }[]): Proxy[] {
  return routes.flatMap(({ providerId, route: { proxy } }) =>
    proxy === null || proxy === 'direct' ? [] : [{ by: `Provider ${providerId}`, text: proxy }],
  )
}

/** Programs take `proxy.example:3128` as well. */
const parse = (text: string): URL | null => {
  const whole = text.includes('://') ? text : `http://${text}`
  return URL.canParse(whole) ? new URL(whole) : null
}

/** The environment's may hold a user name and a password. */
function withoutSecrets(text: string): string {
  const url = parse(text)
  return url === null ? 'not a URL' : `${url.protocol}//${url.host}`
}

/** What keeps it from being connected to; null: nothing. */
async function tryOut(text: string, signal: AbortSignal): Promise<string | null> {
  const url = parse(text)
  const port = url === null ? undefined : url.port === '' ? ports[url.protocol] : Number(url.port)
  if (url === null || port === undefined || url.hostname === '') return 'cannot be read'
  return new Promise((resolve) => {
    const socket = net.connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: patience, signal })
    const end = (failure: string | null) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('does not answer'))
    socket.once('error', () => end('refuses connections or is not there'))
  })
}
