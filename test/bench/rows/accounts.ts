import { chromium } from '@playwright/test'
import { browserFile, sandboxArgs } from '../../e2e/support/requirements.ts'
import { type Host, startHost } from '../support/host.ts'
import type { Options } from '../support/options.ts'
import { addAccounts, addProvider, newProfile } from '../support/profile.ts'
import { notThere, type Result } from '../support/results.ts'
import { median, spreadOf } from '../support/statistics.ts'

const many = 10_000
const few = 10
const tries = 20

/** The list over the API, and the page until it shows an account: with many accounts, against few. */
export async function accountsRows({ pace, quick }: Options): Promise<Result[]> {
  const hosts: Host[] = []
  const removals: (() => void)[] = []
  const start = async (count: number) => {
    const profile = await newProfile((vault) => {
      addProvider(vault, 9)
      addAccounts(vault, count)
    })
    removals.push(() => profile.remove())
    const host = await startHost(profile)
    hosts.push(host)
    return host
  }
  try {
    const [crowded, empty] = [await start(many), await start(few)] as const
    return [await listRow(crowded, empty, quick ? 3 : pace.rounds), ...(await pageRow(crowded, empty, quick ? 3 : 7))]
  } finally {
    for (const host of hosts) await host.stop()
    for (const remove of removals) remove()
  }
}

async function listRow(crowded: Host, empty: Host, rounds: number): Promise<Result> {
  /** Milliseconds for a page, the middle of some tries. */
  const time = async (host: Host, expected: number) => {
    const times: number[] = []
    for (let n = 0; n < tries; n++) {
      const begun = performance.now()
      const list = await host.api.call<unknown[]>('GET', '/v1/accounts?limit=100')
      times.push(performance.now() - begun)
      if (list.length !== expected) throw new Error(`The list has ${list.length} accounts, not ${expected}.`)
    }
    return median(times)
  }
  for (const [host, expected] of [
    [crowded, 100],
    [empty, few],
  ] as const)
    await time(host, expected)
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round++) pairs.push([await time(crowded, 100), await time(empty, few)])
  const ratio = spreadOf(pairs.map(([a, b]) => a / b))
  return {
    work: `API list page (limit 100) with ${many.toLocaleString('en')} accounts`,
    against: `with ${few}`,
    unit: 'ms',
    goal: '≤ 3',
    latchkey: median(pairs.map(([a]) => a)),
    other: median(pairs.map(([, b]) => b)),
    ratio,
    rounds,
    met: ratio.median <= 3,
  }
}

async function pageRow(crowded: Host, empty: Host, rounds: number): Promise<Result[]> {
  const work = `time to the first account on screen with ${many.toLocaleString('en')} accounts`
  const file = browserFile()
  if (file === null) return [notThere(work, `with ${few}`, '≤ 1.5', 'no Chromium or Chrome is installed')]
  const browser = await chromium.launch({ executablePath: file, args: sandboxArgs })
  try {
    const time = async (host: Host) => {
      const { url } = await host.api.call<{ url: string }>('POST', '/v1/page-link')
      const context = await browser.newContext()
      const page = await context.newPage()
      const begun = performance.now()
      await page.goto(url)
      await page
        .getByText(/^bench-\d+$/)
        .first()
        .waitFor()
      const took = performance.now() - begun
      await context.close()
      return took
    }
    for (const host of [crowded, empty]) await time(host)
    const pairs: [number, number][] = []
    for (let round = 0; round < rounds; round++) {
      if (round % 2 === 0) pairs.push([await time(crowded), await time(empty)])
      else {
        const later = await time(empty)
        pairs.push([await time(crowded), later])
      }
    }
    const ratio = spreadOf(pairs.map(([a, b]) => a / b))
    return [
      {
        work,
        against: `with ${few}`,
        unit: 'ms',
        goal: '≤ 1.5',
        latchkey: median(pairs.map(([a]) => a)),
        other: median(pairs.map(([, b]) => b)),
        ratio,
        rounds,
        met: ratio.median <= 1.5,
      },
    ]
  } finally {
    await browser.close()
  }
}
