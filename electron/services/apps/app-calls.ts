import type { CheckedInput, Method } from '../../../shared/contract.ts'
import type { Right } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Caller, Gate } from '../ports.ts'
import type { FlowOwners } from './flow-owners.ts'

/**
 * What stands between an app and the handlers. It gives the input as the handler may see it, an account named by the id
 * of one that the app may use; or throws.
 */
export interface AppDoor {
  isOpen(method: Method): boolean
  enter(method: Method, input: unknown, caller: Caller): unknown
}

type Entry<M extends Method> = (input: CheckedInput<M>, caller: Caller) => CheckedInput<M>
type Entries = { [M in Method]?: Entry<M> }

/**
 * The methods of the contract that an app may call, and what each one takes. A method that is not here is for the person
 * alone: a new one is closed to apps until somebody opens it.
 */
export function createAppDoor({ gate, flows }: { gate: Gate; flows: FlowOwners }): AppDoor {
  const withRight =
    (right: Right) =>
    <I extends { account: string }>(input: I, caller: Caller): I => ({
      ...input,
      account: gate.account(input.account, caller, right).id,
    })
  const see = withRight('see')
  const manage = withRight('manage')

  const ownFlow = <I extends { flow: string }>(input: I, caller: Caller): I => {
    if (flows.of(input.flow) === caller.app?.id) return input
    // The words of one that is not there at all (flow-store.ts).
    throw new LatchkeyError('not_found', 'There is no such sign-in, or it ended too long ago to be shown.', {
      field: 'flow',
      action: { text: 'Start the sign-in again.' },
    })
  }

  const entries: Entries = {
    'providers.list': (input) => input,
    'accounts.list': (input, caller) => {
      const isSeen = input.after === undefined || gate.visible(caller)?.has(input.after)
      if (isSeen) return input
      throw new LatchkeyError('not_found', 'The account that the page before ended with has gone. List them anew.', {
        field: 'after',
      })
    },
    'accounts.get': see,
    'accounts.inspect': manage,
    'accounts.rename': manage,
    'accounts.refresh': manage,
    'accounts.expire': manage,
    'accounts.validate': manage,
    'accounts.reset': manage,
    'accounts.revoke': manage,
    'accounts.enable': manage,
    'accounts.disable': manage,
    'accounts.remove': manage,
    'connect.start': (input, caller) => {
      gate.connect(input, caller)
      const { account, subject_account: subject } = input
      return {
        ...input,
        ...(account === undefined ? {} : { account: gate.account(account, caller, 'connect').id }),
        ...(subject === undefined ? {} : { subject_account: gate.account(subject, caller, 'token').id }),
      }
    },
    'connect.get': ownFlow,
    'connect.open': ownFlow,
    'connect.cancel': ownFlow,
    'connect.paste': ownFlow,
    // Host, method and path are judged where the URL is known (requests.ts).
    'requests.send': (input) => input,
    'requests.send_to_host': (input) => input,
  }

  const isOpen = (method: Method) => Object.hasOwn(entries, method)

  return {
    isOpen,
    enter(method, input, caller) {
      const entry = entries[method] as ((input: unknown, caller: Caller) => unknown) | undefined
      if (entry !== undefined && isOpen(method)) return entry(input, caller)
      throw forThePerson()
    },
  }
}

export function forThePerson(): LatchkeyError {
  return new LatchkeyError('forbidden', 'This is only for the person, not for apps.', {
    action: { text: 'Do it in Latchkey itself, or on the command line.' },
  })
}
