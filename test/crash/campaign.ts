import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ClientSettings } from '../../electron/oauth/ports.ts'
import { type AuthorizationServer, startAuthorizationServer } from '../doubles/authorization-server.ts'
import { startWorker, type Worker } from './child.ts'
import { focuses, type Job, type Kill } from './job.ts'
import { judgeAccounts, judgeFile, judgeMigration } from './judge.ts'
import { filePassphrase, fillForExport, fillVault, openParts, owner, userPassword } from './parts.ts'
import { seeded } from './random.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures')
const refreshedPeople = ['ada', 'grace', 'mary', 'edith']
/** More accounts than this are removed again, so that a long run stays as quick as it began. */
const mostConnected = 6
/** Milliseconds. Longer than any piece of work takes, many times over. */
const longest = 150
const patience = 60_000

/**
 * Kills Latchkey, again and again, in one and the same vault, and looks at what is left each time. The authorization
 * server (rotation, and a used refresh token ends its grant) lives here, so that nothing it has given is unknown.
 * The seed decides what is killed and when; what the process has just reached by then is for the machine to say.
 */
export async function killing(options: { kills: number; seed: number; each?: (kill: Kill) => void }): Promise<Kill[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-kills-'))
  const server = await startAuthorizationServer({ rotation: true })
  const workers: Worker[] = [startWorker(), startWorker()]
  try {
    const campaign = await prepare(folder, server, options.seed)
    const kills: Kill[] = []
    for (let number = 1; number <= options.kills; number++) {
      const worker = workers[0]
      if (worker === undefined) break
      await worker.loaded
      const kill = await campaign.kill(number, worker)
      workers.shift()
      if (number + 1 < options.kills) workers.push(startWorker())
      kills.push(kill)
      options.each?.(kill)
    }
    return kills
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
    await server.close()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function settingsOf({ issuer, clientId, definition }: AuthorizationServer): ClientSettings {
  const endpoints = { authorization: `${issuer}/auth`, token: `${issuer}/token` }
  return {
    definition: definition({ discovery: undefined, endpoints }),
    clientId,
    clientSecret: null,
    clientAuthentication: 'none',
    variables: {},
    fallbackExpiry: null,
  }
}

async function prepare(folder: string, server: AuthorizationServer, seed: number) {
  const random = seeded(seed)
  const settings = settingsOf(server)
  const file = path.join(folder, 'profile', 'vault.db')
  for (const name of [...refreshedPeople, 'reset']) server.passwords.set(name, userPassword)
  const first = await openParts(file, settings)
  const filled = await fillVault(first, server.clientId, [...refreshedPeople, 'reset'])
  await first.close()
  const refreshed = filled.slice(0, refreshedPeople.length)
  const resetAccount = filled.at(-1) ?? ''
  const documents = { A: await exported(folder, 'A', settings), B: await exported(folder, 'B', settings) }
  let accounts = new Set(filled)
  let imported = false

  /** Copies of old vaults in a folder of their own, which is gone with the kill. */
  const oldVaults = (number: number, schema: number) =>
    Array.from({ length: 4 }, (_, n) => {
      const copy = path.join(folder, `old-${number}-${n}`, 'vault.db')
      fs.mkdirSync(path.dirname(copy), { mode: 0o700 })
      fs.copyFileSync(path.join(fixtures, `vault-schema-${schema}.db`), copy)
      return copy
    })

  /** Waits for the moment that chance has chosen, and kills. Gives its name. */
  async function strike(worker: Worker, number: number): Promise<string> {
    const opening = random.chance(0.12)
    const messages = random.chance(0.35)
    const at = random.one(['request', 'answer'] as const)
    const wait = Math.floor(random.below(longest))
    if (!opening) await worker.until('end open vault')
    if (opening || !messages) {
      await new Promise<void>((resolve) => void setTimeout(resolve, wait))
      await worker.kill()
      return `${wait} ms after ${opening ? 'its start' : 'it was ready'}`
    }
    const { arrived, release } = server.hold(at)
    const late = new Error(`Kill ${number}: nothing was asked of the server. ${worker.lines().slice(-3).join('; ')}`)
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late), patience)
    })
    await Promise.race([arrived, tooLate]).finally(() => clearTimeout(timer))
    await worker.kill()
    release()
    return at === 'request' ? 'a request had reached the server' : 'the server had done its work, unanswered'
  }

  /** The server may still be at work on what the process asked for last. */
  async function serverIsDone(): Promise<void> {
    let seen = -1
    while (seen !== server.tokenRequests.length) {
      seen = server.tokenRequests.length
      await new Promise<void>((resolve) => void setTimeout(resolve, 40))
    }
  }

  async function alive(token: string): Promise<boolean> {
    const body = new URLSearchParams({ token, client_id: server.clientId })
    const response = await fetch(`${server.issuer}/token/introspection`, { method: 'POST', body })
    const { active } = (await response.json()) as { active: unknown }
    return active === true
  }

  return {
    async kill(number: number, worker: Worker): Promise<Kill> {
      const focus = random.one(focuses)
      const schema = random.one([1, 2])
      const oldFiles = focus === 'migrate' ? oldVaults(number, schema) : []
      const job: Job = { number, file, settings, focus, refreshed, resetAccount, documents, oldFiles }
      for (let n = 0; n < 200; n++) server.passwords.set(`connected ${number} ${n}`, userPassword)
      worker.start(job)
      const moment = await strike(worker, number)
      await serverIsDone()

      const lines = worker.lines().map((line) => line.split(' '))
      const underWay = stillOpen(lines)
      const ended = lines.filter(([word]) => word === 'end')
      for (const [, kind, , id] of ended) if (kind === 'connect' && id) accounts.add(id)
      imported ||= ended.some(([, kind]) => kind === 'import')
      const resetting = lines.some(([word, kind]) => word === 'begin' && kind === 'reset') ? resetAccount : null

      const problems = lines.some(([word]) => word === 'failed') ? [`the process failed: ${worker.lines().at(-1)}`] : []
      problems.push(...(await judgeFile(file)))
      const judged = await judgeAccounts(file, settings, { accounts, resetting, imported, alive })
      problems.push(...judged.problems)
      for (const old of oldFiles) problems.push(...(await judgeMigration(old, schema)))
      for (const old of oldFiles) fs.rmSync(path.dirname(old), { recursive: true })
      accounts = judged.ids
      await prune()
      return { number, focus, moment, underWay, outcomes: judged.outcomes, problems }
    },
  }

  async function prune(): Promise<void> {
    if (accounts.size <= filled.length + mostConnected + 4) return
    const { vault, close } = await openParts(file, settings)
    for (const { id, alias } of vault.accounts.list()) if (alias.startsWith('connected')) vault.accounts.remove(id)
    accounts = new Set(vault.accounts.list().map(({ id }) => id))
    await close()
  }
}

/** The kinds of work that had begun and not ended, in the order of their beginning. */
function stillOpen(lines: string[][]): string[] {
  const open = new Map<string, string>()
  for (const [word, kind = '', subject] of lines) {
    if (word === 'begin') open.set(`${kind} ${subject}`, kind)
    if (word === 'end') open.delete(`${kind} ${subject}`)
  }
  return [...open.values()]
}

/** An export of a profile of its own, base64. */
async function exported(folder: string, edition: 'A' | 'B', settings: ClientSettings): Promise<string> {
  const parts = await openParts(path.join(folder, `export-${edition}`, 'vault.db'), settings)
  fillForExport(parts, edition)
  const { document } = await parts.transfer.export({ passphrase: filePassphrase }, owner)
  await parts.close()
  return document
}
