import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { Clock } from '../../platform/ports.ts'
import type { RecordStore } from '../../vault/ports.ts'

/** What ends together with its grant (RFC 6749 10.4: reuse of a refresh token revokes the family). */
const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])
const sweepEvery = 10 * 60_000

/**
 * Keeps oidc-provider's things in the vault's records: encrypted, under hashed keys, so that grants survive a restart and
 * a copy of the file opens nothing. Every method does its work in one go, without awaiting in between, so that two
 * requests cannot interleave inside it.
 *
 * @param alreadyUsed Makes the error for a code or refresh token that is used twice at the same moment.
 */
export function recordAdapter(records: RecordStore, clock: Clock, alreadyUsed: () => Error): AdapterFactory {
  let swept = 0
  const kind = (model: string) => `practice.${model}`
  const read = (model: string, id: string): AdapterPayload | undefined => {
    const value = records.get(kind(model), id)
    return value === null ? undefined : JSON.parse(value)
  }
  const expiry = (payload: AdapterPayload) => (typeof payload.exp === 'number' ? payload.exp * 1000 : null)
  const write = (model: string, id: string, payload: AdapterPayload) =>
    records.put(kind(model), id, JSON.stringify(payload), expiry(payload))

  /** The live tokens of a grant: the store finds by key only, so they have to be listed. */
  function members(grantId: string): Member[] {
    const value = records.get(kind('members'), grantId)
    const all: Member[] = value === null ? [] : JSON.parse(value)
    return all.filter((member) => member.expiresAt === null || member.expiresAt > clock.now())
  }
  function setMembers(grantId: string, list: Member[]) {
    if (list.length === 0) return records.delete(kind('members'), grantId)
    const last = list.reduce<number | null>(
      (latest, { expiresAt }) => (latest === null || expiresAt === null ? null : Math.max(latest, expiresAt)),
      0,
    )
    records.put(kind('members'), grantId, JSON.stringify(list), last)
  }
  function leave(model: string, id: string, payload: AdapterPayload | undefined) {
    if (!payload?.grantId || !grantable.has(model)) return
    setMembers(
      payload.grantId,
      members(payload.grantId).filter((member) => member.model !== model || member.id !== id),
    )
  }
  function revoke(grantId: string) {
    for (const member of members(grantId)) records.delete(kind(member.model), member.id)
    records.delete(kind('members'), grantId)
  }

  return (model): Adapter => ({
    async upsert(id, payload) {
      if (clock.now() - swept > sweepEvery) {
        swept = clock.now()
        records.sweep(swept)
      }
      write(model, id, payload)
      if (model === 'Session' && payload.uid) {
        records.put(kind('session-uid'), payload.uid, id, expiry(payload))
      }
      if (payload.grantId && grantable.has(model)) {
        const others = members(payload.grantId).filter((member) => member.model !== model || member.id !== id)
        setMembers(payload.grantId, [...others, { model, id, expiresAt: expiry(payload) }])
      }
    },
    async find(id) {
      return read(model, id)
    },
    async findByUid(uid) {
      const id = records.get(kind('session-uid'), uid)
      return id === null ? undefined : read(model, id)
    },
    async findByUserCode() {
      return undefined
    },
    /**
     * A used token stays, marked, so that its reuse is recognized, but is no longer a live member of its grant.
     * Two requests with the same token can both find it unused; the second to arrive here is the reuse.
     */
    async consume(id) {
      const payload = read(model, id)
      if (!payload) return
      if (payload.consumed) {
        if (payload.grantId) {
          revoke(payload.grantId)
          records.delete(kind('Grant'), payload.grantId)
        }
        throw alreadyUsed()
      }
      write(model, id, { ...payload, consumed: Math.floor(clock.now() / 1000) })
      leave(model, id, payload)
    },
    async destroy(id) {
      const payload = read(model, id)
      records.delete(kind(model), id)
      if (model === 'Session' && payload?.uid) records.delete(kind('session-uid'), payload.uid)
      leave(model, id, payload)
    },
    async revokeByGrantId(grantId) {
      revoke(grantId)
    },
  })
}

interface Member {
  model: string
  id: string
  expiresAt: number | null
}
