import type { customMethods } from '../../shared/contract-custom.ts'
import type { Handlers } from './ports.ts'
import type { TemplatePreview } from './template-preview.ts'
import type { ValidationService } from './validation.ts'

export interface CustomParts {
  validation: ValidationService
  templates: TemplatePreview
}

/** The methods of shared/contract-custom.ts. */
export function createCustomHandlers({
  validation,
  templates,
}: CustomParts): Pick<Handlers, keyof Handlers & keyof typeof customMethods> {
  return {
    'accounts.validate': ({ account }, caller) => validation.validate(account, caller),
    'validation.get': () => validation.settings(),
    'validation.configure': (settings) => validation.configure(settings),
    'templates.preview': (input) => templates.preview(input),
    'templates.dry_run': (input) => templates.dryRun(input),
    'templates.read_answer': (input) => templates.readAnswer(input),
  }
}
