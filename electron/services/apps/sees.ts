import type { Gate } from '../ports.ts'
import type { EventFilter } from '../ports-apps.ts'
import type { Asking } from './asks.ts'
import type { FlowOwners } from './flow-owners.ts'

/**
 * Which events an app is told: of the accounts it may see, its own sign-ins, itself and its own questions; and what
 * names nothing that is the person's own.
 */
export function createEventFilter(parts: {
  gate: Pick<Gate, 'visible'>
  flows: FlowOwners
  asking: Pick<Asking, 'appOf'>
}): EventFilter {
  return (event, caller) => {
    if (caller.kind !== 'app') return true
    const id = caller.app?.id
    if (id === undefined) return false
    if (event.type === 'vault') return true
    try {
      if (event.type === 'account') return parts.gate.visible(caller)?.has(event.account_id) ?? false
      if (event.type === 'flow') return parts.flows.of(event.flow_id) === id
      if (event.type === 'app') return event.app_id === id
      if (event.type === 'ask') return parts.asking.appOf(event.ask_id) === id
      return event.type === 'provider'
    } catch {
      // Locked, or the app has just ended.
      return false
    }
  }
}
