import { expect } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { world } from '../../integration/connect/world.ts'

type World = Awaited<ReturnType<typeof world>>

/** One account, signed in at a real server through a real loopback socket; its token has ended. */
export async function victim() {
  const it = await world()
  const flow = await it.connectAs('ada')
  const id = flow.account_id ?? ''
  const grant = it.vault.tokens.get(id)
  if (!grant?.refreshToken) throw new Error('Nobody signed in.')
  it.clock.advance(4_000_000)
  const state = () => {
    const account = it.vault.accounts.get(id)
    return account ? it.accounts.view(account).status.state : 'removed'
  }
  return { ...it, id, grant: { ...grant, refreshToken: grant.refreshToken }, state }
}

/** A refresh that must not work, and what its caller is told. */
export async function refusedRefresh({ tokens }: World, id: string): Promise<LatchkeyError> {
  const error = await tokens.fresh(id, { force: true }).then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof LatchkeyError) return error
  throw error
}

/** Everything that a person, a program or a log reader gets to see of a world. */
export function everythingSeen({ vault, seen, accounts }: World, ...more: unknown[]): string {
  const shown = more.map((it) =>
    it instanceof Error ? [it.message, it.stack, JSON.stringify(it), String(it.cause)] : it,
  )
  const views = vault.accounts.list().map((account) => accounts.view(account))
  return JSON.stringify([shown, views, seen, vault.activity.list({ limit: 100 })])
}

export function expectNothingLeaked(text: string, ...secrets: (string | null | undefined)[]): void {
  for (const secret of secrets) if (secret) expect(text).not.toContain(secret)
}
