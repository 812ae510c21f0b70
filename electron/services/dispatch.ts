import type { z } from 'zod'
import { contract, type Method } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { type AppDoor, forThePerson } from './apps/app-calls.ts'
import type { EditDoor } from './edit-lock.ts'
import type { Caller, Dispatch, Handlers } from './ports.ts'

/**
 * The one door to the handlers: no input reaches one unchecked, and no answer leaves with more than its schema names, so
 * that a secret in a record cannot slip out. Throws `invalid_request` with the field's name; an answer that is not what
 * the contract promises is a defect and throws a plain `Error`, which names fields and no values.
 *
 * @param door What an app has to pass. Without one no app gets in.
 * @param editDoor What everybody has to pass who changes providers and registrations.
 */
export function createDispatch(
  handlers: Handlers,
  door: AppDoor | null = null,
  editDoor: EditDoor | null = null,
): Dispatch {
  return async (method, input, caller) => {
    if (!isMethod(method)) {
      throw new LatchkeyError('invalid_request', 'There is no such method.', { field: 'method' })
    }
    if (caller.kind === 'app' && !door?.isOpen(method)) throw forThePerson()
    editDoor?.enter(method)
    const checked = contract[method].input.safeParse(input ?? {})
    if (!checked.success) throw invalidInput(checked.error)
    // The contract ties each handler to its own input; that tie is lost once the method is only known at run time.
    const handler = handlers[method] as (input: unknown, caller: Caller) => unknown
    const admitted = caller.kind === 'app' && door ? door.enter(method, checked.data, caller) : checked.data
    const output = contract[method].output.safeParse(await handler(admitted, caller))
    if (output.success) return output.data
    const fields = output.error.issues.map(({ path }) => path.join('.')).join(', ')
    throw new Error(`The answer of ${method} is not what the contract promises: ${fields}`)
  }
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(contract, method)
}

/** The first thing that is wrong, in words; the words never repeat a value, which may be a secret. */
export function invalidInput(error: z.ZodError): LatchkeyError {
  const [issue] = error.issues
  if (!issue) return new LatchkeyError('invalid_request', 'The input is not valid.')
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '')
  const field = path.join('.')
  const message = describe(issue, field)
  return new LatchkeyError('invalid_request', message, field === '' ? {} : { field })
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function describe(issue: z.core.$ZodIssue, field: string): string {
  const name = field === '' ? 'The input' : `“${field}”`
  if (issue.code === 'unrecognized_keys') return `${name} is not known here.`
  if (issue.code === 'invalid_type') {
    const kind = kinds[issue.expected] ?? issue.expected
    return issue.message.endsWith('received undefined') ? `${name} is missing.` : `${name} must be ${kind}.`
  }
  if (issue.code === 'invalid_value') return `${name} must be one of: ${issue.values.map(String).join(', ')}.`
  if (issue.code === 'too_small' && isNumeric(issue.origin)) return `${name} must be at least ${issue.minimum}.`
  if (issue.code === 'too_big' && isNumeric(issue.origin)) return `${name} must be at most ${issue.maximum}.`
  // A sentence of the contract's own says it better; zod's begin with what they are about.
  return /^(Invalid|Too) /.test(issue.message) ? `${name}: ${issue.message}.` : issue.message
}

function isNumeric(origin: string): boolean {
  return origin === 'number' || origin === 'int'
}
