import { createServer, type RequestListener, type Server } from 'node:http'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Practice } from '../../../shared/models.ts'
import type { Clock, Logger } from '../../platform/ports.ts'
import type { AccountRecord, RecordStore, SettingsStore } from '../../vault/ports.ts'
import type { PracticeService } from '../ports.ts'
import { bindAnyPort, bindPort } from './bind.ts'
import { clientId, createProvider } from './provider.ts'
import { practiceListener } from './server.ts'

const portSetting = 'practice.port'
const lifetimeSetting = 'practice.access_token_lifetime'
const defaultLifetime = 300

export interface PracticeParts {
  vault: {
    records: RecordStore
    settings: SettingsStore
    accounts: { list(): Pick<AccountRecord, 'providerId'>[] }
  }
  clock: Clock
  logger: Logger
}

/**
 * The practice provider: an authorization server and an API on 127.0.0.1, in this process. Off until it is needed. Its
 * keys and grants live in the vault, so that accounts connected to it still work after a restart.
 */
export function createPracticeService({ vault, clock, logger }: PracticeParts): PracticeService {
  let running: { server: Server; issuer: string } | null = null
  /** Starts and stops one after the other, however they are called. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }

  function lifetime(): number {
    const value = vault.settings.get(lifetimeSetting)
    return typeof value === 'number' ? value : defaultLifetime
  }

  function get(): Practice {
    return {
      running: running !== null,
      issuer: running?.issuer ?? null,
      api_base_url: running?.issuer ?? null,
      access_token_lifetime: lifetime(),
    }
  }

  /**
   * The port of last time, for the issuer's sake: every practice account belongs to (issuer, subject). Only while there
   * is no such account may it move.
   */
  async function bind(server: Server): Promise<number> {
    const remembered = vault.settings.get(portSetting)
    if (typeof remembered === 'number') {
      if (await bindPort(server, remembered)) return remembered
      if (vault.accounts.list().some((account) => account.providerId === 'practice')) throw portTaken(remembered)
    }
    const port = await bindAnyPort(server)
    vault.settings.set(portSetting, port)
    return port
  }

  async function start(): Promise<{ server: Server; issuer: string }> {
    // Whoever remembers the port may ask before there is anything to answer: such a request waits.
    let setListener: (listener: RequestListener) => void = () => {}
    const listener = new Promise<RequestListener>((resolve) => {
      setListener = resolve
    })
    const server = createServer((request, response) => {
      listener.then((answer) => answer(request, response))
    })
    try {
      const issuer = `http://127.0.0.1:${await bind(server)}`
      vault.records.sweep(clock.now())
      const provider = await createProvider({
        issuer,
        records: vault.records,
        clock,
        logger,
        accessTokenLifetime: lifetime,
      })
      setListener(practiceListener(provider, logger))
      logger.info('The practice provider is running.', { issuer })
      return { server, issuer }
    } catch (error) {
      await close(server)
      throw error
    }
  }

  return {
    get,
    async configure({ access_token_lifetime }) {
      if (!Number.isInteger(access_token_lifetime) || access_token_lifetime < 2 || access_token_lifetime > 86_400) {
        throw new LatchkeyError('invalid_request', 'An access token lives for 2 to 86400 seconds.', {
          field: 'access_token_lifetime',
        })
      }
      vault.settings.set(lifetimeSetting, access_token_lifetime)
      return get()
    },
    ensureRunning: () =>
      inTurn(async () => {
        running ??= await start()
        return { issuer: running.issuer, apiBaseUrl: running.issuer, clientId }
      }),
    stop: () =>
      inTurn(async () => {
        if (!running) return
        const { server } = running
        running = null
        await close(server)
        logger.info('The practice provider has stopped.')
      }),
  }
}

function portTaken(port: number): LatchkeyError {
  return new LatchkeyError(
    'provider_unreachable',
    `Another program on this computer uses port ${port}, which the practice provider has to have: its accounts belong to that address.`,
    { action: { text: 'Close that program and try again, or remove the practice accounts and connect them anew.' } },
  )
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve()
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
