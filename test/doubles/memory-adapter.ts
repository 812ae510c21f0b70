import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** Storage of one authorization server, gone with it. Nothing expires: oidc-provider checks that itself. */
export function memoryAdapter(): AdapterFactory {
  const items = new Map<string, AdapterPayload>()
  const find = (test: (payload: AdapterPayload) => boolean) => [...items.values()].find(test)
  return (model): Adapter => {
    const key = (id: string) => `${model}:${id}`
    return {
      async upsert(id, payload) {
        items.set(key(id), payload)
      },
      async find(id) {
        return items.get(key(id))
      },
      async findByUid(uid) {
        return find((payload) => payload.uid === uid)
      },
      async findByUserCode(userCode) {
        return find((payload) => payload.userCode === userCode)
      },
      async consume(id) {
        const payload = items.get(key(id))
        if (payload) items.set(key(id), { ...payload, consumed: Math.floor(Date.now() / 1000) })
      },
      async destroy(id) {
        items.delete(key(id))
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of items) if (payload.grantId === grantId) items.delete(id)
      },
    }
  }
}
