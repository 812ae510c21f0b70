import fs from 'node:fs'
import { createInterface } from 'node:readline'
import { systemClock } from '../../electron/platform/clock.ts'
import { openVault } from '../../electron/vault/vault.ts'
import { noLog } from '../unit/vault/fixtures.ts'
import type { Job } from './job.ts'
import { filePassphrase, guard, openParts, owner, type Parts } from './parts.ts'

/**
 * Latchkey at work until it is killed: refreshes of several accounts all the time, and beside them, over and over, what
 * this job is about. Each piece of work is told before it begins and after it has ended, in a write that the system has
 * taken over when it returns: what was told to have ended has to be in the vault afterwards.
 */
const say = (...words: string[]) => fs.writeSync(1, `${words.join(' ')}\n`)

async function piece(kind: string, subject: string, work: () => unknown): Promise<void> {
  say('begin', kind, subject)
  const given = await work()
  say('end', kind, subject, typeof given === 'string' ? given : '')
}

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve))

async function refreshAll({ tokens }: Parts, ids: readonly string[]): Promise<void> {
  for (let n = 0; ; n++) {
    const id = ids[n % ids.length] ?? ''
    await piece('refresh', id, () => tokens.fresh(id, { force: true }).then(() => undefined))
    await nextTurn()
  }
}

const others: Record<Job['focus'], (parts: Parts, job: Job, n: number) => Promise<void>> = {
  async refresh() {
    await new Promise<void>((resolve) => void setTimeout(resolve, 50))
  },
  connect: (parts, job, n) => piece('connect', 'new', () => parts.connect(`connected ${job.number} ${n}`)),
  async reset(parts, { resetAccount: id }) {
    await piece('reset', id, () => parts.tokens.reset(id))
    await piece('reconnect', id, () => parts.connect('reset', id))
  },
  async rotate({ vault }) {
    await piece('rotate', 'key', () => vault.keys.rotate([guard()]).then(() => undefined))
    await piece('reseal', 'all', () => vault.keys.settled())
  },
  async import({ transfer }, { documents }, n) {
    const edition = n % 2 === 0 ? 'A' : 'B'
    const document = documents[edition]
    const input = { document, passphrase: filePassphrase, existing: 'replace' } as const
    await piece('import', edition, () => transfer.import(input, owner).then(() => undefined))
  },
  async migrate(_parts, { oldFiles }, n) {
    const file = oldFiles[n]
    if (file === undefined) return void (await nextTurn())
    await piece('migrate', file, async () => {
      const vault = openVault({ file, clock: systemClock, logger: noLog })
      await vault.unlock(guard())
      vault.close()
    })
  },
}

async function work(job: Job): Promise<void> {
  say('begin', 'open', 'vault')
  const parts = await openParts(job.file, job.settings)
  parts.tokens.recover()
  say('end', 'open', 'vault')
  const half = Math.ceil(job.refreshed.length / 2)
  const other = async () => {
    for (let n = 0; ; n++) {
      await others[job.focus](parts, job, n)
      await nextTurn()
    }
  }
  await Promise.all([
    refreshAll(parts, job.refreshed.slice(0, half)),
    refreshAll(parts, job.refreshed.slice(half)),
    other(),
  ])
}

say('loaded')
createInterface({ input: process.stdin }).once('line', (line) => {
  work(JSON.parse(line) as Job).catch((error: unknown) => {
    say('failed', JSON.stringify(error instanceof Error ? (error.stack ?? error.message) : String(error)))
    process.exit(1)
  })
})
