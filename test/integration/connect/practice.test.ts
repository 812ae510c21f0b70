import { describe, expect, it, onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { systemClock } from '../../../electron/platform/clock.ts'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { loopbackRedirects } from '../../../electron/redirects/loopback.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createClientSettings } from '../../../electron/services/client-settings.ts'
import { createConnectService } from '../../../electron/services/connect.ts'
import { createPracticeService } from '../../../electron/services/practice/service.ts'
import type { Vault } from '../../../electron/vault/ports.ts'
import { connectInputSchema } from '../../../shared/contract.ts'
import type { Flow, LatchkeyEvent } from '../../../shared/models.ts'
import { appParts } from '../../doubles/app-parts.ts'
import { plainRoutes } from '../../doubles/plain-routes.ts'
import { signInAt } from '../../doubles/practice-person.ts'
import { noLog, unlocked } from '../../unit/vault/support.ts'

/** Latchkey's own provider and client, with the catalogue that ships. */
function withPractice(vault: Vault) {
  const clock = systemClock
  const catalogue = loadCatalogue()
  const events = createEventBus<LatchkeyEvent>()
  const practice = createPracticeService({ vault, clock, logger: noLog })
  const oauth = createOAuth({ network: createNetwork({ timeoutMs: 5000 }), clock })
  const clientSettings = createClientSettings({ vault, catalogue, practice, routes: plainRoutes })
  const accounts = createAccountService({ vault, catalogue, clock })
  const activity = createActivity({ vault, clock, events })
  const { apps } = appParts({ vault, accounts, catalogue, clientSettings, clock, events, activity, logger: noLog })
  const connect = createConnectService({
    vault,
    catalogue,
    oauth,
    tokens: { fresh: () => Promise.reject(new Error('Token exchange is not part of this test.')) },
    loopback: loopbackRedirects(),
    windows: null,
    browser: { open: async () => {} },
    clientSettings,
    accounts,
    practice,
    apps,
    clock,
    events,
    activity,
    logger: noLog,
  })
  onTestFinished(() => practice.stop())
  onTestFinished(() => connect.cancelAll())

  async function signIn(
    user: 'ada' | 'grace',
    input: Record<string, unknown> = { provider: 'practice' },
  ): Promise<Flow> {
    const flow = await connect.start(connectInputSchema.parse({ ...input, via: 'paste' }), { kind: 'cli' })
    const answer = await signInAt(flow.authorization_url ?? '', { user, approve: true })
    return connect.paste(flow.id, answer.href)
  }
  return { practice, oauth, clientSettings, accounts, connect, signIn }
}

describe('the practice provider', () => {
  it('[C1] is started and registered by connecting to it, and makes practice:ada', async () => {
    const { vault } = await unlocked({ clock: systemClock })
    const { practice, accounts, signIn } = withPractice(vault)
    expect(practice.get().running).toBe(false)
    const flow = await signIn('ada')
    expect(flow).toMatchObject({ state: 'completed', provider_name: 'Practice provider' })
    expect(accounts.view(accounts.resolve('practice:ada'))).toMatchObject({
      id: flow.account_id,
      registration_name: 'Practice provider',
      identity: { name: 'Ada Lovelace', issuer: practice.get().issuer },
      status: { state: 'active' },
      token: { has_refresh_token: true },
    })
    expect(vault.registrations.list()).toMatchObject([{ variables: { issuer: practice.get().issuer } }])
  })

  it('[G8] keeps one registration and one account a person, also after a restart', async () => {
    const { vault } = await unlocked({ clock: systemClock })
    const before = withPractice(vault)
    const ada = await before.signIn('ada')
    await before.signIn('grace')
    await before.practice.stop()
    const after = withPractice(vault)
    expect((await after.signIn('ada')).account_id).toBe(ada.account_id)
    expect((await after.signIn('ada', { account: 'practice:ada' })).account_id).toBe(ada.account_id)
    expect(after.accounts.list().map(({ alias }) => alias)).toEqual(['practice:ada', 'practice:grace'])
    expect(vault.registrations.list().length).toBe(1)
  })

  it('ends the earlier grant of the same person and keeps the new one alive', async () => {
    const { vault } = await unlocked({ clock: systemClock })
    const { signIn, oauth, clientSettings } = withPractice(vault)
    const first = await signIn('ada')
    const old = vault.tokens.get(first.account_id ?? '')
    await signIn('ada')
    const fresh = vault.tokens.get(first.account_id ?? '')
    if (!old || !fresh) throw new Error('There are no tokens.')
    const settings = await clientSettings.forAccount(first.account_id ?? '')
    const options = { signal: new AbortController().signal }
    await expect
      .poll(
        () =>
          oauth.refresh(settings, old, options).then(
            () => 'alive',
            ({ kind }) => kind,
          ),
        { timeout: 10_000 },
      )
      .toBe('fatal')
    expect((await oauth.refresh(settings, fresh, options)).refreshToken).not.toBe(fresh.refreshToken)
  })

  it('shows a declined sign-in for what it is', async () => {
    const { vault } = await unlocked({ clock: systemClock })
    const { connect, accounts } = withPractice(vault)
    const flow = await connect.start(connectInputSchema.parse({ provider: 'practice' }), { kind: 'cli' })
    const answer = await signInAt(flow.authorization_url ?? '', { user: 'ada', approve: false })
    expect((await connect.paste(flow.id, answer.href)).failure?.code).toBe('access_denied')
    expect(accounts.list()).toEqual([])
  })
})
