import { expect, it } from 'vitest'
import { world } from '../../integration/connect/world.ts'
import { everythingSeen, expectNothingLeaked } from './support.ts'

type World = Awaited<ReturnType<typeof world>>
const noBrowser = { redirect: 'manual' } as const

/** A sign-in that waits for its answer, the honest answer, and a stranger who sends another one first. */
async function waiting() {
  const it = await world()
  const flow = await it.start()
  const answer = await it.answerOf(flow)
  return { ...it, flow, answer, code: answer.searchParams.get('code') ?? '' }
}

async function honestAnswerStillCounts(it: World & { answer: URL; flow: { id: string } }): Promise<void> {
  expect(it.connect.get(it.flow.id).state).toBe('waiting_for_person')
  expect(it.server.tokenRequests).toEqual([])
  await fetch(it.answer)
  expect((await it.settled(it.flow.id)).state).toBe('completed')
}

it.each<[string, (url: URL) => void]>([
  ['without a state', (url) => url.searchParams.delete('state')],
  ['with an empty state', (url) => url.searchParams.set('state', '')],
  ['with half the state', (url) => url.searchParams.set('state', (url.searchParams.get('state') ?? '').slice(0, 20))],
  ['with more than the state', (url) => url.searchParams.set('state', `${url.searchParams.get('state')}A`)],
  ['with a state of ten thousand letters', (url) => url.searchParams.set('state', 'x'.repeat(10_000))],
  ['with the state under another name', (url) => rename(url, 'state', 'State')],
  ['with the state in the fragment', (url) => intoFragment(url)],
  ['on another provider’s path', onPath((path) => path.replace('/test', '/other'))],
  ['on the path with a slash more', onPath((path) => `${path}/`)],
  ['on the path in capitals', onPath((path) => path.toUpperCase())],
  ['on the root', onPath(() => '/')],
])('[F1] an answer %s changes nothing, and the honest one still counts', async (_what, tamper) => {
  const it = await waiting()
  const forged = new URL(it.answer)
  tamper(forged)
  const response = await fetch(forged, noBrowser)
  expect(response.status).toBeGreaterThanOrEqual(400)
  expectNothingLeaked(await response.text(), it.code)
  await honestAnswerStillCounts(it)
})

it.each<[string, (url: URL) => void, string]>([
  ['two codes', (url) => url.searchParams.append('code', 'another'), 'duplicate_parameter'],
  ['two issuers', (url) => url.searchParams.append('iss', 'https://evil.example'), 'duplicate_parameter'],
  ['two states', (url) => url.searchParams.append('state', 'another'), 'duplicate_parameter'],
  ['the name of another issuer', (url) => url.searchParams.set('iss', 'https://evil.example'), 'issuer_mismatch'],
  ['no issuer', (url) => url.searchParams.delete('iss'), 'issuer_mismatch'],
])('[F1] an answer with %s ends the sign-in before the code is sent anywhere', async (_what, tamper, code) => {
  const it = await waiting()
  const forged = new URL(it.answer)
  tamper(forged)
  await fetch(forged, noBrowser)
  const ended = await it.settled(it.flow.id)
  expect(ended).toMatchObject({ state: 'failed', failure: { code } })
  expect(it.server.tokenRequests).toEqual([])
  expectNothingLeaked(everythingSeen(it, { ...ended, authorization_url: null }), it.code)
})

it('[F1] a description with a script in it is shown as words, without what could be a secret', async () => {
  const it = await waiting()
  const forged = new URL(it.flow.redirect_uri ?? '')
  const error_description = `<script>alert(1)</script>\r\nSet-Cookie: a=b ${it.code}`
  forged.search = new URLSearchParams({
    error: 'server_error',
    error_description,
    state: it.answer.searchParams.get('state') ?? '',
    iss: it.server.issuer,
  }).toString()
  const page = await fetch(forged, noBrowser)
  expect(page.headers.get('set-cookie')).toBeNull()
  expect(await page.text()).not.toContain('alert(1)')
  const ended = await it.settled(it.flow.id)
  expect(ended.failure?.message).not.toMatch(/[\r\n]/)
  expectNothingLeaked(JSON.stringify(ended.failure), it.code)
})

it('[F1] a code from another sign-in of the same provider is worth nothing here', async () => {
  const it = await waiting()
  const theirs = await it.start()
  const stolen = (await it.answerOf(theirs, { user: 'mallory' })).searchParams.get('code') ?? ''
  const injected = new URL(it.answer)
  injected.searchParams.set('code', stolen)
  await fetch(injected)
  const ended = await it.settled(it.flow.id)
  expect(ended).toMatchObject({ state: 'failed', failure: { code: 'provider_error' } })
  expect(it.vault.accounts.list()).toEqual([])
  expectNothingLeaked(everythingSeen(it, { ...ended, authorization_url: null }), stolen)
})

it('[F1] a whole answer of another sign-in does not end this one', async () => {
  const it = await waiting()
  const theirs = await it.start()
  const answer = await it.answerOf(theirs, { user: 'mallory' })
  const here = new URL(it.flow.redirect_uri ?? '')
  here.search = answer.search
  expect((await fetch(here, noBrowser)).status).toBeGreaterThanOrEqual(400)
  await honestAnswerStillCounts(it)
})

function onPath(change: (path: string) => string): (url: URL) => void {
  return (url) => {
    url.pathname = change(url.pathname)
  }
}

function rename(url: URL, from: string, to: string): void {
  url.searchParams.set(to, url.searchParams.get(from) ?? '')
  url.searchParams.delete(from)
}

function intoFragment(url: URL): void {
  url.hash = url.search.slice(1)
  url.search = ''
}
