/** Which app started which sign-in: an app sees and steers its own alone. */
export interface FlowOwners {
  note(flowId: string, appId: string): void
  /** null: no app's. */
  of(flowId: string): string | null
}

/** More than the sign-ins that are kept for their trace (flow-store.ts). */
const most = 500

export function createFlowOwners(): FlowOwners {
  const owners = new Map<string, string>()
  return {
    note(flowId, appId) {
      owners.set(flowId, appId)
      const [oldest] = owners.keys()
      if (owners.size > most && oldest !== undefined) owners.delete(oldest)
    },
    of: (flowId) => owners.get(flowId) ?? null,
  }
}
