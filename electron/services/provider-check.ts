import { LatchkeyError } from '../../shared/errors.ts'
import { checkDefinition, DefinitionError } from '../providers/check.ts'
import type { Definition } from '../providers/definition.ts'

/**
 * A definition that a person wrote, changed or brought along, checked as the shipped ones are. Throws `invalid_request`
 * whose field is the one in the definition, behind `where`: `definition.endpoints.token`.
 */
export function readDefinition(input: unknown, where: string): Definition {
  let definition: Definition
  try {
    definition = checkDefinition('of yours', input)
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    const whole = error.field.startsWith('(')
    throw invalid(whole ? where : `${where}.${error.field}`, whole ? error.problem : `${error.field}: ${error.problem}`)
  }
  if (definition.client === 'built_in') {
    throw invalid(`${where}.client`, 'client: only Latchkey itself can bring a client along. Use "registration".')
  }
  return definition
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
